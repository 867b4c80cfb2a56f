// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/rules.h"
#include "profile/section.h"

namespace socbridge::analysis {

// Analyzers of a preset, by name (profile::find_preset).
using PresetOf = std::function<Result<std::vector<std::string>>(std::string_view)>;

// Reads the section "analysis" (docs/analysis.md). Usage errors with file, line and column: unknown
// keys with the nearest name, values out of range, an unknown preset, a missing section.
Result<Settings> read_settings(const profile::Section& section, const PresetOf& preset_of);

// The keys of the section and of one rule.
const config::Schema& section_schema();
const config::Schema& rule_schema();

}  // namespace socbridge::analysis
