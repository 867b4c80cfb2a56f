// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "wazuh/alert.h"

namespace socbridge::mapping {

enum class Encoding { none, url };

// Fills `{name}` in a template. Names: id, source_ref, rule.id, rule.level, agent.name and any
// other dotted path of the alert; time.from and time.to are 5 minutes around the alert (ISO 8601).
// What is absent becomes empty; `{{` is a brace. With Encoding::url the values are percent-encoded.
std::string fill_template(std::string_view text, const wazuh::Alert& alert,
                          const std::string& source_ref, UnixMillis date_ms, Encoding encoding);

}  // namespace socbridge::mapping
