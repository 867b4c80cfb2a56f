// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "relay/worker.h"

namespace socbridge::relay {

// One entry whose request is under way.
struct Worker::Flight {
  PackedId id;
  std::shared_ptr<DestinationQueue> lane;
  std::unique_ptr<delivery::EntryDelivery> shipment;
  std::optional<std::uint64_t> slot;  // of the in-flight table, held
  delivery::Destination::Pass pass;   // kept until the destination was told
  std::uint64_t number = 0;           // for Concurrency; 0: no request was begun
  bool asking_key = false;            // the request under way asks whose key it is
};

}  // namespace socbridge::relay
