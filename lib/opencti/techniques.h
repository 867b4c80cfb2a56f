// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opencti/client.h"

namespace socbridge::opencti {

// A technique of MITRE ATT&CK that an indicator or observable is linked to.
struct Technique {
  std::string mitre_id;               // T1071.001
  std::string via;                    // name of the threat that uses it; empty: linked directly
  std::vector<std::string> markings;  // of all that leads to it, and its own
};

// The techniques of things by their UUIDs: those they are linked to and, with `of_threats`, those
// used by the threats they are linked to. Direct ones first; a technique is there once for each way
// that leads to it. The bounds of add_links() hold. One round trip for the direct links of up to
// 100 things, one for all others.
Result<std::map<std::string, std::vector<Technique>>> find_techniques(
    Client& client, const std::vector<std::string>& ids, bool of_threats, const Deadline& deadline);

}  // namespace socbridge::opencti
