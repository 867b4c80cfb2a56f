// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace socbridge {

// Whether a character must not reach a terminal, page or file unescaped: C0, DEL and C1 controls,
// line and paragraph separators, bidirectional controls, zero-width and filling characters, tags
// and supplementary variation selectors, noncharacters (some of which XML forbids). The ranges are
// those of the Unicode 15 properties Default_Ignorable_Code_Point (except U+FE00 to U+FE0F, which
// emoji need), Bidi_Control and Noncharacter_Code_Point. Thread-safe.
bool is_unprintable(std::uint32_t code_point);

}  // namespace socbridge
