// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/env.h"
#include "health/canary_source.h"
#include "health/probe.h"

namespace socbridge::health {

// Each destination of etc/w2thive.json but the top-level one gets the canary's alert from this
// process, is asked for it, and deletes it again, also if the rules sent it there before: one check
// for each, `destination NAME`. `sweep_before_ms`: canaries of killed runs that are older are
// deleted there. Each has 10 s; `stop` ends it between two of them.
void visit_destinations(Probe& probe, Env& env, const CanarySource& source,
                        UnixMillis sweep_before_ms, const std::function<bool()>& stop);

}  // namespace socbridge::health
