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
  std::string via;                    // name of the threat that uses it; empty: directly linked
  std::vector<std::string> markings;  // of the technique and all links to it
};

// The techniques of objects by their UUIDs: directly linked ones and, with `of_threats`, those used
// by linked threats. Direct ones first; a technique is listed once per path to it. The bounds of
// add_links() hold. One round trip for the direct links of up to 100 objects, one for all others.
Result<std::map<std::string, std::vector<Technique>>> find_techniques(
    Client& client, const std::vector<std::string>& ids, bool of_threats, const Deadline& deadline);

}  // namespace socbridge::opencti
