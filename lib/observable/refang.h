// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::observable {

// Reverts what reports do to make links unclickable: `hxxp`, `[.]`, `(dot)`, `[@]`, `[:]//`,
// `{at}`, `\.`; also quotes, angle brackets and the punctuation that a sentence leaves around it.
// Text that holds none of these comes back unchanged.
std::string refang(std::string_view text);

}  // namespace socbridge::observable
