// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health/probe.h"
#include "opencti/account.h"
#include "opencti/client.h"

namespace socbridge::health {

// Parts of the probe of OpenCTI: its connectors and workers, by the rules of `socctl opencti
// connectors`; and whether the live stream is reachable and has new events.
void check_feeds(Probe& probe, opencti::Client& client);
void check_stream(Probe& probe, opencti::Client& client, const opencti::Account& me);

// Whether OpenCTI reports that its search engine failed: then it is down, whatever else answers.
bool is_engine_down(const Status& status);
void report_engine(Probe& probe, const Status& why);

}  // namespace socbridge::health
