#pragma once

#include "health/probe.h"
#include "opencti/account.h"
#include "opencti/client.h"

namespace socbridge::health {

// Parts of the probe of OpenCTI: are its connectors fresh and its workers there, by the judgement
// of `socctl opencti connectors`; is the live stream reachable, and does it move.
void look_at_feeds(Probe& probe, opencti::Client& client);
void look_at_stream(Probe& probe, opencti::Client& client, const opencti::Account& me);

// Whether OpenCTI says that its search engine failed: then it is down, whatever else answers.
bool is_engine_down(const Status& status);
void report_engine(Probe& probe, const Status& why);

}  // namespace socbridge::health
