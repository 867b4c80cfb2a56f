// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.h"
#include "receive/gate.h"
#include "receive/receiver.h"
#include "web/http_server.h"

namespace socbridge::receive {

// A snapshot of one receiver.
struct ReceiveView {
  ReceiveCounts counts;
  GateCounts gate;
  web::ServerLoad load;
  UnixMillis started_ms = 0;
};

// Text exposition format; docs/receive.md lists the names.
std::string receive_prometheus(const ReceiveView& view);

}  // namespace socbridge::receive
