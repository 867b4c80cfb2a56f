// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stream/consumer_state.h"
#include "stream/index/observable_refresh.h"

namespace socbridge::stream {

// Keeps the set of values like TheHive.
class IndexRefresher {
 public:
  explicit IndexRefresher(ConsumerState& core) : core_(core) {}

  // The set must be whole before the first event: from the watch list, the snapshot, or TheHive,
  // for which it waits. Errors: those that waiting cannot fix.
  Status fill();

  // A thread: until it is time to stop.
  void run();

 private:
  ObservableRefresh::TakeFresh take_fresh(LookupScope least);
  Status once(ObservableRefresh& refresh, bool whole);

  ConsumerState& core_;
};

}  // namespace socbridge::stream
