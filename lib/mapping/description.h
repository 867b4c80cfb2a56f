// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mapping/observables.h"

namespace socbridge::mapping {

std::string make_title(const wazuh::Alert& alert);

// Summary, table of fields and log, in Markdown. Everything from the alert is escaped.
std::string make_description(const wazuh::Alert& alert, const Options& options,
                             const Extracted& extracted);

}  // namespace socbridge::mapping
