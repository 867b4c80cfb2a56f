// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health/probe.h"
#include "json/value.h"
#include "thehive/alert.h"

namespace socbridge::health {

// Checks each destination of etc/w2thive.json except the top-level one: whether it answers, accepts
// the key and lets it create alerts. One check each, `destination NAME`. Returns their number.
std::size_t check_destinations(Probe& probe);

// If alerts of the top-level destination may become cases at once: whether this user may create
// them.
void check_promotion(Probe& probe, const json::Value& user, thehive::ApiVersion version);

}  // namespace socbridge::health
