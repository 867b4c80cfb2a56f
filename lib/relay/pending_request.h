// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "delivery/delivery.h"
#include "relay/destination_queue.h"
#include "relay/due_list.h"

namespace socbridge::relay {

// One entry whose request is in flight.
struct PendingRequest {
  EntryId id;
  std::shared_ptr<DestinationQueue>
      destination;  // declared before the delivery, which refers to it
  std::unique_ptr<delivery::Delivery> delivery;
  std::uint64_t number = 0;  // for Concurrency; 0: no request was started
};

}  // namespace socbridge::relay
