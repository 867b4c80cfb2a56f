// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "json/value.h"

namespace socbridge::json {

// The value as JSON with line breaks, indented by two blanks per level.
std::string indented(const Value& value);

}  // namespace socbridge::json
