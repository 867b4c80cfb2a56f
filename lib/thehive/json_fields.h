// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "json/value.h"

namespace socbridge::thehive {

// Fields of TheHive's answers. Empty if absent or of another type.
std::vector<std::string> text_list(const json::Value& array);
// Epoch milliseconds, or an ISO 8601 text (connector jobs up to 5.5, docs/protocols/thehive.md,
// "Cortex connector"); 0 if neither.
UnixMillis time_field(const json::Value& value);
int int_field(const json::Value& object, std::string_view name, int otherwise);
bool flag_field(const json::Value& object, std::string_view name);

}  // namespace socbridge::thehive
