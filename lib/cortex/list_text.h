// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::cortex {

// The text of a list as UTF-8 without a byte order mark. Of UTF-16, which spreadsheets write, the
// mark says so (either order); what is no character in it becomes U+FFFD. Other bytes come back
// unchanged.
std::string list_text(std::string_view bytes);

}  // namespace socbridge::cortex
