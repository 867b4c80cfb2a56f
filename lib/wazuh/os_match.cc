// SPDX-License-Identifier: Apache-2.0
#include "wazuh/os_match.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::wazuh {

OsMatch::OsMatch(std::string_view pattern) {
  alternatives_.clear();
  negated_ = pattern.starts_with('!');
  if (negated_) pattern.remove_prefix(1);
  for (std::string_view part : split(pattern, '|')) {
    Alternative one;
    one.at_start = part.starts_with('^');
    if (one.at_start) part.remove_prefix(1);
    one.at_end = part.ends_with('$');
    if (one.at_end) part.remove_suffix(1);
    one.text = ascii_lower(part);
    alternatives_.push_back(std::move(one));
  }
}

bool OsMatch::one_matches(const Alternative& one, std::string_view lowered) {
  if (one.at_start && one.at_end) return lowered == one.text;
  if (one.at_start) return lowered.starts_with(one.text);
  if (one.at_end) return lowered.ends_with(one.text);
  return lowered.find(one.text) != std::string_view::npos;
}

bool OsMatch::matches(std::string_view text) const {
  const std::string lowered = ascii_lower(text);
  const bool found = std::any_of(alternatives_.begin(), alternatives_.end(),
                                 [&](const Alternative& one) { return one_matches(one, lowered); });
  return found != negated_;
}

bool OsMatch::is_plausible() const {
  if (negated_) return true;
  return std::any_of(alternatives_.begin(), alternatives_.end(), [](const Alternative& one) {
    const bool only_empty = one.at_start && one.at_end && one.text.empty();
    return !only_empty && one.text.find_first_of("^$") == std::string::npos;
  });
}

}  // namespace socbridge::wazuh
