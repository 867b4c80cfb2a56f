// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::opencti {

// The scale and level of a marking. TLP levels: 0 clear (white), 1 green, 2 amber, 3 amber+strict,
// 4 red. PAP levels: 0 clear (white), 1 green, 2 amber, 3 red.
struct MarkingLevel {
  enum class Scheme {
    other,    // neither TLP nor PAP, such as a statement
    tlp,      // see `level`
    pap,      // see `level`
    unknown,  // an id without a known name, or a TLP or PAP with an unknown level
  };
  Scheme scheme = Scheme::other;
  int level = 0;
};

// From a name (`TLP:AMBER+STRICT`, any case) or a STIX id (`marking-definition--…`). Known ids are
// those of STIX 2.1 for TLP 1 and TLP 2, and those of OpenCTI.
MarkingLevel level_of_marking(std::string_view marking);

// The name of a marking with a standard id; other texts are returned unchanged.
std::string marking_name(std::string_view id);

}  // namespace socbridge::opencti
