// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::rules {

// What is wrong with a name that a template wants to fill in; message and hint are empty if an
// alert of Wazuh 4 or 5 can have such a field. Names below `data`, `syscheck` and other open
// members are not known beforehand and are taken as they are.
// Source: docs/protocols/wazuh.md, "Alert document".
struct NameVerdict {
  std::string message, hint;
  bool ok() const { return message.empty(); }
};
NameVerdict check_name(std::string_view name);

// Whether the text begins like a field, as in `data.srcip`: a known first member and a dot.
bool looks_like_field(std::string_view text);

}  // namespace socbridge::rules
