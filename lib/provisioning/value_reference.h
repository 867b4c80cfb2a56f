// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"

namespace socbridge::provisioning {

// References in Grafana's syntax: `$__file{PATH}` and `$__env{NAME}`, anywhere in a text. Only
// trusted users may be able to change the file (open_trusted()), which has at most 256 KiB; leading
// and trailing blanks and line ends are removed. Relative paths are below `folder`. Errors: usage,
// without the value: a file that cannot be read, a variable that is not set, no closing brace.
Result<Secret> resolve(Env& env, std::string_view text, const std::string& folder);

}  // namespace socbridge::provisioning
