// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health/probe.h"
#include "json/value.h"
#include "thehive/alert.h"

namespace socbridge::health {

// Asks each destination of etc/w2thive.json but the top-level one whether it answers, takes the key
// and lets it create alerts: one check for each, `destination NAME`. Returns how many there are.
std::size_t check_destinations(Probe& probe);

// If alerts of the top-level destination may become cases at once: whether this user may make them.
void check_promotion(Probe& probe, const json::Value& user, thehive::ApiVersion version);

}  // namespace socbridge::health
