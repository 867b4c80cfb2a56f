// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox {

// A JSON value in the notation of version 4's errors: `FString(x)`, `FNumber(2.0)`, `FObject(Map(a
// -> FString(b)))`, `FSeq(List(…))`. As recorded from 4.1.24.
std::string scala_text(const json::Value& value);

// 400 AttributeCheckingError for one value: "[Invalid format for NAME: VALUE, expected FORMAT
// (ACCEPTED)]", also in `errors`. `value_text` is a scala_text().
ApiError invalid_format(std::string_view name, const std::string& value_text,
                        std::string_view format, const std::vector<std::string>& accepted);

}  // namespace socbridge::sandbox
