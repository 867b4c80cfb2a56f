// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::metrics {

// What `metrics write` knows from run to run is kept in the file that it writes, as a comment in
// its last line: Prometheus passes it over, there is no second file to guard, and both are replaced
// at once.

// The metrics with that line behind them. `state`: one line.
std::string with_state(std::string metrics, std::string_view state);

// The state in such a file; empty if there is no file or it has none. Error: another user can
// change the file; then nothing is read of it.
Result<std::string> read_state(Env& env, const std::string& file);

}  // namespace socbridge::metrics
