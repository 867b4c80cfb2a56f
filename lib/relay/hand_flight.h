#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "relay/hand.h"

namespace socbridge::relay {

// One entry whose request is under way.
struct Hand::Flight {
  PackedId id;
  std::shared_ptr<Lane> lane;
  std::unique_ptr<Shipment> shipment;
  std::optional<std::uint64_t> slot;  // of the in-flight table, held
  Destination::Pass pass;             // kept until the destination was told
  std::uint64_t number = 0;           // for Concurrency; 0: no request was begun
  bool asking_key = false;            // the request under way asks whose key it is
};

}  // namespace socbridge::relay
