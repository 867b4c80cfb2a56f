// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.h"
#include "receive/gate.h"
#include "receive/receiver.h"
#include "web/http_server.h"

namespace socbridge::receive {

// One receiver at one moment.
struct ReceiveView {
  ReceiveCounts counts;
  GateCounts gate;
  web::ServerLoad load;
  UnixMillis started_ms = 0;
};

// Text exposition format; the names are docs/receive.md's.
std::string receive_prometheus(const ReceiveView& view);

}  // namespace socbridge::receive
