// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::mapping {

// Values of data.win.eventdata come escaped once more than JSON asks (docs/protocols/wazuh.md,
// "Windows event channel"): `\\` is one backslash, `\"` a quote, and the five XML entities stand
// for their characters.
std::string unescape_eventdata(std::string_view text);

}  // namespace socbridge::mapping
