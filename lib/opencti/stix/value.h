// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace socbridge::opencti {

// A value to look up in OpenCTI.
struct Value {
  std::string given;  // as given
  std::string type;  // TheHive's data type: ip, domain, fqdn, url, hash, mail, registry, …; other
  std::string text;  // normalised as OpenCTI stores it
  std::string also;  // another possible data type: `setup.zip` is a domain and a file name
};

// Parses a value that an analyst pastes; defanged forms are accepted. A name with a file extension
// (`invoice.exe`) and a path are a `filename`, `AS64501` is an `autonomous-system`. Errors
// (bad_input): empty, too long.
Result<Value> read_value(std::string_view text);
// From an observable of TheHive. A value that does not fit its type is not changed.
Value value_of(std::string_view data_type, std::string_view data);

// Where OpenCTI stores values of that kind (docs/protocols/opencti.md, "Filters", "STIX patterns",
// "Data types").
struct LookupKeys {
  std::vector<std::string> keys;  // of filters on observables: `value`, `hashes.MD5`, …
  // Texts to compare with, including an IPv6 address as given and the last part of a path.
  std::vector<std::string> spellings;
  std::vector<std::string> networks;  // around an address, such as `198.51.100.0/24`
  std::vector<std::string> patterns;  // of indicators, in OpenCTI's own spelling
  std::vector<std::string> paths;     // their object paths: `ipv4-addr:value`
  bool any_path = false;              // the kind of the value is unknown: every path counts
  std::string observable_id;          // STIX id of the observable, if the value alone determines it
};
LookupKeys lookup_keys_of(const Value& value);
// Patterns of indicators for the networks.
std::vector<std::string> network_patterns(const LookupKeys& lookup);

// `it's` -> `'it\'s'`, as in a pattern.
std::string pattern_literal(std::string_view text);

// Longest text that `eq` filters find.
inline constexpr std::size_t kLongestFiltered = 512;

// An observable of TheHive in OpenCTI: its type and the input of stixCyberObservableAdd
// (`{"IPv4Addr":{"value":"…"}}`). Empty type: OpenCTI has no such type.
struct NewObservable {
  std::string type, argument, input_json;
};
NewObservable new_observable(const Value& value);

}  // namespace socbridge::opencti
