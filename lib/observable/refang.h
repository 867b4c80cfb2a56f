// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::observable {

// Reverts the defanging of reports: `hxxp`, `[.]`, `(dot)`, `[@]`, `[:]//`, `{at}`, `\.`. Also
// removes surrounding quotes, angle brackets and punctuation. Text without any of these is returned
// unchanged.
std::string refang(std::string_view text);

}  // namespace socbridge::observable
