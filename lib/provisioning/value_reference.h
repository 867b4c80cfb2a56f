// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"

namespace socbridge::provisioning {

// Grafana's own form for values that stand elsewhere: `$__file{PATH}` and `$__env{NAME}`, anywhere
// in a text. A file is one that only trusted users may change (open_trusted()), at most 256 KiB;
// blanks and line ends around its content are dropped. Relative paths are below `folder`. Errors:
// usage, without the value: a file that cannot be read, a variable that is not set, no closing
// brace.
Result<Secret> resolve(Env& env, std::string_view text, const std::string& folder);

}  // namespace socbridge::provisioning
