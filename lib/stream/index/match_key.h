// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "opencti/stix/pattern.h"

namespace socbridge::stream {

// A common key space for TheHive's data types, OpenCTI's observable types and the paths of STIX
// patterns (docs/protocols/opencti.md, "Data types"): `domain`, `fqdn` and `hostname` are all
// `name`.
struct MatchKey {
  std::string kind;   // ip, name, url, hash, mail, filename, subject, regkey, user-agent, as,
                      // account
  std::string value;  // normalised, so that equal things have equal bytes
  bool operator==(const MatchKey&) const = default;
  std::string text() const { return kind + ' ' + value; }
};

// From an observable of TheHive. Empty: a data type that is not matched (`other`, `regexp`), or a
// value that does not fit its type.
std::optional<MatchKey> key_of(std::string_view data_type, std::string_view data);

// From one comparison of a pattern, if it is not negated and compares by `=` or `IN`, or an address
// by `ISSUBSET`. Empty: another operator, or a path without a data type.
std::vector<MatchKey> keys_of(const opencti::Comparison& comparison);

// From an observable of OpenCTI, in STIX.
std::vector<MatchKey> keys_of_observable(json::Value stix);

}  // namespace socbridge::stream
