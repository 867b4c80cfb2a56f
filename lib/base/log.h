// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"

namespace socbridge {

// Appends one line to a shared log file such as Wazuh's logs/integrations.log: O_APPEND and one
// write per line, so that lines of several processes never mix. Line form:
// `2026-01-31T12:00:00.123Z NAME LEVEL: text`. The text is made printable(); callers keep secrets
// out. A log that cannot be written must not fail the caller's work; only the Status reports it.
Status append_log_line(Env& env, const std::string& path, std::string_view program,
                       std::string_view level, std::string_view text);

}  // namespace socbridge
