// SPDX-License-Identifier: Apache-2.0
#include "stream/own_changes.h"

#include <algorithm>

namespace socbridge::stream {

bool is_own_reference(std::string_view source, std::string_view external_id) {
  return source == "TheHive" &&
         (external_id.starts_with("TheHive case ") || external_id.starts_with("TheHive alert "));
}

bool is_ours(const Origin& origin, const MatchRules& rules) {
  if (origin.of_thehive) return true;
  const auto own = [&](const std::string& id) {
    return !id.empty() && std::find(rules.own_authors.begin(), rules.own_authors.end(), id) !=
                              rules.own_authors.end();
  };
  if (std::any_of(origin.authors.begin(), origin.authors.end(), own)) return true;
  return !origin.creators.empty() &&
         std::all_of(origin.creators.begin(), origin.creators.end(), own);
}

bool by_our_user(const Origin& origin, const MatchRules& rules) {
  return !rules.own_identity.empty() && !origin.creators.empty() &&
         std::all_of(origin.creators.begin(), origin.creators.end(),
                     [&](const std::string& id) { return id == rules.own_identity; });
}

}  // namespace socbridge::stream
