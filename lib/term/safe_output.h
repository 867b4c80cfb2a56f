// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::term {

// The last step before output. Characters that could mislead a terminal (is_unprintable in
// base/unprintable.h) are escaped as by printable() in base/text.h; invalid UTF-8 becomes U+FFFD.
// Line breaks, tabs and the escape sequences that this program writes stay: the styles of paint(),
// "clear" sequences, and a carriage return at the very beginning (Progress). Callers make foreign
// text printable first; this catches what they missed.
std::string safe_output(std::string_view text);

}  // namespace socbridge::term
