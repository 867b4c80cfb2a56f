// SPDX-License-Identifier: Apache-2.0
#include "opencti/value_match.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "observable/validate.h"
#include "opencti/stix/pattern.h"

namespace socbridge::opencti {
namespace {

bool same_text(const Value& value, std::string_view a, std::string_view b) {
  // The platform's index also ignores the case of paths.
  if (value.type != "url") return iequals(a, b);
  const auto x = observable::parse_url(a);
  const auto y = observable::parse_url(b);
  return (x ? std::string_view(*x) : a) == (y ? std::string_view(*y) : b);
}

bool is_spelling(const Wanted& wanted, std::string_view text) {
  const auto same = [&](const std::string& spelling) {
    return same_text(wanted.context.value, spelling, text);
  };
  const auto& [spellings, networks] = std::tie(wanted.lookup.spellings, wanted.lookup.networks);
  return std::any_of(spellings.begin(), spellings.end(), same) ||
         std::any_of(networks.begin(), networks.end(), same);
}

// Feeds spell hash algorithms in many ways; the length identifies the algorithm.
bool is_path(const Wanted& wanted, const Comparison& comparison) {
  if (wanted.lookup.any_path) return true;
  if (wanted.context.value.type == "hash") return comparison.path.starts_with("hashes.");
  const std::string path = comparison.type + ":" + comparison.path;
  const auto& paths = wanted.lookup.paths;
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

bool compares(const Wanted& wanted, const Comparison& comparison) {
  const bool positive = !comparison.negated && (comparison.op == "=" || comparison.op == "IN" ||
                                                comparison.op == "ISSUBSET");
  if (!positive || !is_path(wanted, comparison)) return false;
  return std::any_of(comparison.values.begin(), comparison.values.end(),
                     [&](const std::string& value) { return is_spelling(wanted, value); });
}

// Whether one of the value's own filters matches it.
bool is_found(const Wanted& wanted, const Indicator& indicator) {
  const auto same = [&](const std::string& pattern) { return iequals(pattern, indicator.pattern); };
  const auto& patterns = wanted.lookup.patterns;
  const auto networks = network_patterns(wanted.lookup);
  return iequals(indicator.name, wanted.context.value.text) ||
         std::any_of(patterns.begin(), patterns.end(), same) ||
         std::any_of(networks.begin(), networks.end(), same);
}

}  // namespace

bool is_about(const Wanted& wanted, const Observable& observable) {
  if (wanted.context.value.type == "hash") {
    return std::find(observable.hashes.begin(), observable.hashes.end(),
                     wanted.context.value.text) != observable.hashes.end();
  }
  const auto& keys = wanted.lookup.keys;
  return std::any_of(observable.names.begin(), observable.names.end(), [&](const auto& name) {
    return std::find(keys.begin(), keys.end(), name.key) != keys.end() &&
           is_spelling(wanted, name.text);
  });
}

bool is_about(const Wanted& wanted, const Indicator& indicator) {
  if (indicator.pattern_type != "stix" || !is_found(wanted, indicator)) return false;
  const auto pattern = parse_pattern(indicator.pattern);
  return pattern.ok() && std::any_of(pattern->comparisons.begin(), pattern->comparisons.end(),
                                     [&](const Comparison& one) { return compares(wanted, one); });
}

}  // namespace socbridge::opencti
