// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cortex/job.h"
#include "health/probe.h"

namespace socbridge::health {

struct CanaryOptions {
  std::int64_t timeout_ms = 120000;  // for all stages; cleaning up has 15 s more
  std::string address = "9.9.9.9";   // the observable: public, so that analyzers know it
  std::string analyzer;              // empty: the cheapest one that accepts an ip
  std::function<bool()> stop;        // polled while waiting; true ends the run early
  // Called for a finished job that was deleted: Cortex no longer lists it, but counts it.
  std::function<void(const cortex::Job&)> deleted_job = {};
};

// The servers of the canary run.
struct CanaryEndpoints {
  profile::Endpoint thehive;
  std::optional<profile::Endpoint> cortex;
  Status cortex_error;  // its configuration cannot be used
};
// Errors (usage): TheHive is not configured.
Result<CanaryEndpoints> find_canary_endpoints(Env& env, const Options& options);

struct CanaryResult {
  Report report;             // component "canary"; a check per stage, in order
  bool interrupted = false;  // `stop` returned true
};

// Sends one test alert through all stages and deletes it again, also after a failure or `stop`:
//   log line     passed to the local manager's analysisd; this and the next stage only if it has a
//                rule for it
//   wazuh alert  analysisd has made an alert of it; then integratord runs the integration
//   integration  custom-w2thive is run like by integratord (without a local manager: the same
//                mapping and delivery in this process)
//   alert        TheHive has the alert
//   observable   with its observable
//   job          Cortex got the observable: through TheHive's connector, else directly
//   report       and returned a report
//   clean-up     the alert, its entry in the spool and the job are removed
//   destination NAME  each other destination of etc/w2thive.json got it too, and it was deleted
// Each stage reports its duration. The first one that is not ok is the broken one; later ones are
// skipped. No key is on a command line. The program is run only if only root and the home's user
// may write to its path.
CanaryResult run_canary(Env& env, const Options& options, const CanaryOptions& canary,
                        const CanaryEndpoints& endpoints);

}  // namespace socbridge::health
