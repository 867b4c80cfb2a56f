// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"

namespace socbridge::health::job_runner {

enum class State { ok, skipped, warning, bad };
const char* state_name(State state);

// The result of one check.
struct Finding {
  std::string check;  // "api", "key", "analyzer AbuseIPDB", "job", "rbac", "job folder"
  State state = State::ok;
  std::string text;                    // the state
  std::string next;                    // what to do; empty if nothing
  ExitCode code = ExitCode::degraded;  // if bad
  std::string json() const;
};

// Called for every finding as soon as it is known.
using Report = std::function<void(Finding)>;

Finding good(std::string check, std::string text);
Finding skipped(std::string check, std::string text, std::string next);
Finding warning(std::string check, std::string text, std::string next);
Finding bad(std::string check, std::string text, std::string next);
Finding failed(std::string check, const Status& status);  // bad, with the status's code

}  // namespace socbridge::health::job_runner
