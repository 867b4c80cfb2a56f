// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mapping/observables.h"

namespace socbridge::mapping {

// A title: rule.description, and the host unless it is named in it. At most 512 UTF-16 units.
std::string make_title(const wazuh::Alert& alert);
// Any text as a title: one line, within TheHive's limit.
std::string title_line(std::string_view text);

// Facts of the alert's kind, table of fields, log and the rest of `data`, in Markdown. All text
// from the alert is escaped. `title` is the result of make_title().
std::string make_description(const wazuh::Alert& alert, const std::string& title,
                             const Options& options, const Extracted& extracted);

}  // namespace socbridge::mapping
