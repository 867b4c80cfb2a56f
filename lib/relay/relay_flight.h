#pragma once

#include <memory>
#include <string>

#include "relay/relay.h"

namespace socbridge::relay {

// One entry whose request is under way.
struct Relay::Flight {
  PackedId id;
  std::shared_ptr<Lane> lane;
  std::unique_ptr<Shipment> shipment;
  Destination::Pass pass;    // kept until the destination was told
  std::uint64_t number = 0;  // for Concurrency
  bool asking_key = false;   // the request under way asks whose key it is
};

inline constexpr std::int64_t kRelaySecondMs = 1000;

}  // namespace socbridge::relay
