// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::rules {

// Error in a field name of a template. Message and hint are empty if an alert of Wazuh 4 or 5 can
// have such a field. Names below `data`, `syscheck` and other open members are not known beforehand
// and are accepted. Source: docs/protocols/wazuh.md, "Alert document".
struct NameVerdict {
  std::string message, hint;
  bool ok() const { return message.empty(); }
};
NameVerdict check_name(std::string_view name);

// Whether the text begins like a field, as `data.srcip`: a known top-level member and a dot.
bool looks_like_field(std::string_view text);

}  // namespace socbridge::rules
