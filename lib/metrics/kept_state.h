// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::metrics {

// `metrics write` stores its state between runs in the file that it writes, as a comment on the
// last line. Prometheus ignores it, no second file must be protected, and both are replaced at
// once.

// The metrics, followed by that line. `state`: one line.
std::string with_state(std::string metrics, std::string_view state);

// The state in such a file; empty if there is no file or no state. Error: another user can change
// the file, which is then not read.
Result<std::string> read_state(Env& env, const std::string& file);

}  // namespace socbridge::metrics
