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

// custom-w2thive without main(): `args` are argv[1..] as integratord passes them. Stores the alert
// durably, maps and sends it, and logs failures to logs/integrations.log. Never opens descriptors 0
// to 2.
IntakeResult run_intake(Env& env, const std::vector<std::string_view>& args);

}  // namespace socbridge::intake
