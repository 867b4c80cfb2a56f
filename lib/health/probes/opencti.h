#pragma once

#include "health/probe.h"
#include "opencti/client.h"

namespace socbridge::health {

// Parts of the probe of OpenCTI: are its connectors fresh and its workers there, by the judgement
// of `socctl opencti connectors`; is the live stream reachable, and does it move.
void look_at_feeds(Probe& probe, opencti::Client& client);
void look_at_stream(Probe& probe, opencti::Client& client);

}  // namespace socbridge::health
