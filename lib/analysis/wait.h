// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "thehive/connector.h"

namespace socbridge::analysis {

// Polls until the jobs have ended, the deadline passes (jobs can hang for ever,
// docs/protocols/thehive.md, "Cortex connector") or `stop` returns true. `on_end` is called once
// for each job, in the order they end; unfinished jobs are returned. A server that does not answer
// is asked again until the deadline; a refused key ends the wait.
struct Waited {
  std::vector<thehive::Job> running;  // their last state
  Status error;                       // the last failure of the latest round that made a request
};
Waited wait_for(thehive::Connector& connector, std::vector<thehive::Job> jobs,
                const Deadline& deadline, const std::function<bool()>& stop,
                const std::function<void(const thehive::Job&)>& on_end);

}  // namespace socbridge::analysis
