// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::term {

// The last step before anything is printed: what could mislead a terminal (is_unprintable in
// base/unprintable.h) is shown as printable() in base/text.h shows it, and invalid UTF-8 becomes
// U+FFFD. Line breaks, tabs and the few escape sequences that this program itself writes stay: the
// styles of paint(), "clear" sequences, and a carriage return at the very beginning (Progress).
// Callers make foreign text printable before; this is for what they missed.
std::string safe_output(std::string_view text);

}  // namespace socbridge::term
