// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/settings.h"
#include "mapping/options.h"
#include "rules/fault.h"

namespace socbridge::mapping {

// Reads the template keys, custom_fields and built_in_tags. Errors are appended to `faults`.
void read_templates(const config::Settings& settings, Options& options, rules::Faults& faults);

// string, integer, float, boolean, date or automatic.
std::optional<FieldType> field_type_called(std::string_view name);

}  // namespace socbridge::mapping
