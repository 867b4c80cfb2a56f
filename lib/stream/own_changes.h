// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stream/match.h"

namespace socbridge::stream {

// The origin of an OpenCTI object.
struct Origin {
  std::vector<std::string> authors;   // STIX id and UUID of its author
  std::vector<std::string> creators;  // UUIDs of the users that created it
  bool of_thehive = false;  // it has an external reference for which is_own_reference() is true
};

// Whether `socctl opencti sighting` created the reference: source `TheHive`, and the id of a case
// or an alert.
bool is_own_reference(std::string_view source, std::string_view external_id);

// Whether we created the object in OpenCTI: by its author, by our reference, or because all of its
// creators are in `own_authors`. An object that others created too is not ours. Our own user alone
// is not enough, since feeds may share it; see by_our_user().
bool is_ours(const Origin& origin, const MatchRules& rules);
bool by_our_user(const Origin& origin, const MatchRules& rules);

}  // namespace socbridge::stream
