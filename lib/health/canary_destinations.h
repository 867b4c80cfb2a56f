// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/env.h"
#include "health/canary_source.h"
#include "health/probe.h"

namespace socbridge::health {

// For each destination of etc/w2thive.json except the top-level one: sends the canary's alert from
// this process, reads it, and deletes it, also if the rules sent it there before. One check each,
// `destination NAME`. Canaries of killed runs that are older than `sweep_before_ms` are deleted
// too. Each destination has 10 s; `stop` takes effect between two of them.
void visit_destinations(Probe& probe, Env& env, const CanarySource& source,
                        UnixMillis sweep_before_ms, const std::function<bool()>& stop);

}  // namespace socbridge::health
