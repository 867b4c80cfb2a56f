// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "opencti/stix/pattern.h"

namespace socbridge::stream {

// The key space in which TheHive's data types, OpenCTI's observable types and the paths of STIX
// patterns meet (docs/protocols/opencti.md, "Data types"): `domain`, `fqdn` and `hostname` are all
// `name`.
struct MatchKey {
  std::string kind;   // ip, name, url, hash, mail, filename, subject, regkey, user-agent, as,
                      // account
  std::string value;  // normalised, so that equal things have equal bytes
  bool operator==(const MatchKey&) const = default;
  std::string text() const { return kind + ' ' + value; }
};

// Of an observable of TheHive. Empty: a data type that is not matched (`other`, `regexp`), or a
// value that is none of its type.
std::optional<MatchKey> key_of(std::string_view data_type, std::string_view data);

// Of one comparison of a pattern, `=` and `IN` only, not negated. Empty: a form that says nothing
// about a single value, or a path that no data type corresponds to.
std::vector<MatchKey> keys_of(const opencti::Comparison& comparison);

// Of an observable of OpenCTI, in STIX.
std::vector<MatchKey> keys_of_observable(json::Value stix);

}  // namespace socbridge::stream
