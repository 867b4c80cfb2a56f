// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::mapping {

// Decodes a value of data.win.eventdata, which has an additional level of escapes
// (docs/protocols/wazuh.md, "Windows event channel"): `\\` is one backslash, `\"` a quote, and the
// five XML entities are their characters.
std::string unescape_eventdata(std::string_view text);

}  // namespace socbridge::mapping
