// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace socbridge::opencti {

// A value to ask OpenCTI about.
struct Value {
  std::string given;  // as it was written
  std::string type;  // TheHive's data type: ip, domain, fqdn, url, hash, mail, registry, …; other
  std::string text;  // normalised as OpenCTI stores it
  std::string also;  // another data type that it may be: `setup.zip` is a name and a file
};

// From what an analyst pastes, defanged forms included. A name with the end of a file's
// (`invoice.exe`) and a path are a `filename`, `AS64501` is an `autonomous-system`. Errors: nothing
// in it, too long (bad_input).
Result<Value> read_value(std::string_view text);
// From an observable of TheHive. A value that does not fit its type is taken as it is.
Value value_of(std::string_view data_type, std::string_view data);

// Where OpenCTI keeps values of that kind (docs/protocols/opencti.md, "Filters", "STIX patterns",
// "Data types").
struct LookupKeys {
  std::vector<std::string> keys;  // of filters on observables: `value`, `hashes.MD5`, …
  // Texts to compare with: also an IPv6 address as given, the last part of a path.
  std::vector<std::string> spellings;
  std::vector<std::string> networks;  // around an address, such as `198.51.100.0/24`
  std::vector<std::string> patterns;  // of indicators, in OpenCTI's own spelling
  std::vector<std::string> paths;     // object paths of these: `ipv4-addr:value`
  bool any_path = false;              // a value of no certain kind: every path counts
  std::string observable_id;          // STIX id of the observable, if the value alone makes it
};
LookupKeys lookup_keys_of(const Value& value);
// Patterns of indicators that name one of the networks.
std::vector<std::string> network_patterns(const LookupKeys& lookup);

// `it's` -> `'it\'s'`, as it stands in a pattern.
std::string pattern_literal(std::string_view text);

// Longest text that `eq` filters see.
inline constexpr std::size_t kLongestFiltered = 512;

// What an observable of TheHive becomes in OpenCTI: its type there and the input of
// stixCyberObservableAdd (`{"IPv4Addr":{"value":"…"}}`). Empty type: OpenCTI has none for it.
struct NewObservable {
  std::string type, argument, input_json;
};
NewObservable new_observable(const Value& value);

}  // namespace socbridge::opencti
