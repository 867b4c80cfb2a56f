// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::cortex {

// The text of a list as UTF-8 without a byte order mark. UTF-16, which spreadsheets write, is
// detected by its mark (either byte order); invalid code units become U+FFFD. Other bytes are
// returned unchanged.
std::string list_text(std::string_view bytes);

}  // namespace socbridge::cortex
