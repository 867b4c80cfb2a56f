// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::http {

// A text without the logins (`user:password@`) of the URLs in it. `mark` stands in place of each,
// before its `@`; if it is empty, the `@` goes too. A login ends at the last `@` before the next of
// the characters `ends`: in a text that is more than one URL, blanks and quotation marks too.
std::string without_logins(std::string_view text, std::string_view mark = {},
                           std::string_view ends = "/?#");

}  // namespace socbridge::http
