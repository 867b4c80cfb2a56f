// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/exit_code.h"

namespace socbridge::intake {

struct IntakeResult {
  ExitCode code = ExitCode::ok;
  std::string line;  // for the pipe: one line on failure, or with `debug`; else empty
};

// The whole of custom-w2thive behind main(): argv[1..] as integratord gives it. Accepts durably,
// maps, sends, and logs failures to logs/integrations.log. Opens nothing on descriptors 0 to 2.
IntakeResult run_intake(Env& env, const std::vector<std::string_view>& args);

}  // namespace socbridge::intake
