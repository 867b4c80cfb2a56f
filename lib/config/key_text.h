// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/status.h"

namespace socbridge::config {

// The key in a file's text: its first line, without a byte order mark and blanks around it. Errors
// (usage): there is none, or it holds control characters. `name`: of the file, for messages.
Result<Secret> key_in(std::string_view text, const std::string& name);

// Whether a text holds what no header line may.
bool has_control(std::string_view text);

}  // namespace socbridge::config
