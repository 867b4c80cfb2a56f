// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stream/match.h"

namespace socbridge::stream {

// Where a thing of OpenCTI comes from.
struct Origin {
  std::vector<std::string> authors;   // STIX id and UUID of its author
  std::vector<std::string> creators;  // UUIDs of the users that wrote it
  bool of_thehive = false;            // it has an external reference as is_own_reference() knows
};

// Whether `socctl opencti sighting` made the reference: source `TheHive`, and the id of a case or
// an alert.
bool is_own_reference(std::string_view source, std::string_view external_id);

// Whether it is what we wrote to OpenCTI ourselves: by author, by our reference, or because only
// creators of `own_authors` wrote it. Something that others created too is a change. Our own user
// alone proves nothing, since feeds may share it; by_our_user() is for that case.
bool is_ours(const Origin& origin, const MatchRules& rules);
bool by_our_user(const Origin& origin, const MatchRules& rules);

}  // namespace socbridge::stream
