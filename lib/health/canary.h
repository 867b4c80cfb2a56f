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
  std::string analyzer;              // empty: the first that costs least of those that take an ip
  std::function<bool()> stop;        // asked while waiting; true ends the run early
  // Called for a job that was deleted when it was over: Cortex does not list it, but counts it.
  std::function<void(const cortex::Job&)> deleted_job = {};
};

// Whom the canary visits.
struct CanaryEndpoints {
  profile::Endpoint thehive;
  std::optional<profile::Endpoint> cortex;
  Status cortex_error;  // its configuration cannot be used
};
// Errors (usage): TheHive is not configured.
Result<CanaryEndpoints> find_canary_endpoints(Env& env, const Options& options);

struct CanaryResult {
  Report report;             // component "canary"; a check per stage, in order
  bool interrupted = false;  // `stop` said so
};

// Sends one test alert through all stages and deletes it again, also after a failure or `stop`:
//   log line     given to analysisd of the manager here; these two only if a rule is there for it
//   wazuh alert  analysisd has made an alert of it; then integratord runs the integration
//   integration  custom-w2thive is run as integratord runs it (without a manager here: the same
//                mapping and delivery in this process)
//   alert        TheHive has the alert
//   observable   with its observable
//   job          Cortex got the observable: through TheHive's connector, else directly
//   report       and reported back
//   clean-up     the alert, its entry in the spool and the job are gone
//   destination NAME  each other destination of etc/w2thive.json got it too, and deleted it again
// Each stage reports its duration; the first that is not ok is the broken one, the ones after it
// are skipped. No key is on a command line. The program is run only if its path may be written by
// root and the home's user alone.
CanaryResult run_canary(Env& env, const Options& options, const CanaryOptions& canary,
                        const CanaryEndpoints& endpoints);

}  // namespace socbridge::health
