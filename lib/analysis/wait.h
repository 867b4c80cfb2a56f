// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "thehive/connector.h"

namespace socbridge::analysis {

// Asks again and again until the jobs have ended, the deadline passes (jobs can be stuck for ever,
// docs/protocols/thehive.md, "Cortex connector") or `stop` says so. `on_end` is called once for
// each job that ends, in the order they end; what is left is what still runs. A server that does
// not answer is asked again until the deadline; a refused key ends the wait.
struct Waited {
  std::vector<thehive::Job> running;  // as last seen
  Status error;                       // the last failure to ask, if it was not overcome
};
Waited wait_for(thehive::Connector& connector, std::vector<thehive::Job> jobs,
                const Deadline& deadline, const std::function<bool()>& stop,
                const std::function<void(const thehive::Job&)>& on_end);

}  // namespace socbridge::analysis
