// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::opencti {

// What a marking limits. TLP levels: 0 clear (white), 1 green, 2 amber, 3 amber+strict, 4 red. PAP
// levels: 0 clear (white), 1 green, 2 amber, 3 red.
struct MarkingLevel {
  enum class Scheme {
    other,    // neither TLP nor PAP, such as a statement
    tlp,      // `level` says how much
    pap,      // likewise
    unknown,  // the id of a marking whose name is not known, or a TLP or PAP with an unknown level
  };
  Scheme scheme = Scheme::other;
  int level = 0;
};

// Of a name (`TLP:AMBER+STRICT`, any case) or a STIX id (`marking-definition--…`). The ids that the
// STIX 2.1 standard fixes for TLP 1 and TLP 2, and that OpenCTI uses, are known.
MarkingLevel level_of_marking(std::string_view marking);

// The name of a marking whose id the standard fixes; other texts as they are.
std::string marking_name(std::string_view id);

}  // namespace socbridge::opencti
