// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/status.h"

namespace socbridge::config {

// The key in a file's text: its first line, without a byte order mark and surrounding blanks.
// Errors (usage): it is empty, or it has control characters. `name` names the file in messages.
Result<Secret> key_in(std::string_view text, const std::string& name);

// Whether a text has characters that an HTTP header line must not have.
bool has_control(std::string_view text);

}  // namespace socbridge::config
