// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/status.h"
#include "health/report.h"

// What analyzer jobs of Cortex need, check by check: "api", "key", "analyzer AbuseIPDB", "job",
// "rbac", "rbac extra", "job folder".
namespace socbridge::health::job_runner {

// Gets every check as soon as it is done.
using Report = std::function<void(Check)>;

Check good(std::string name, std::string detail);
Check skipped(std::string name, std::string detail, std::string next);
Check warning(std::string name, std::string detail, std::string next);  // degraded
Check bad(std::string name, std::string detail, std::string next);      // down
// Down, but unknown if the request itself failed: refused key, no answer, wrong configuration.
Check failed(std::string name, const Status& status);

}  // namespace socbridge::health::job_runner
