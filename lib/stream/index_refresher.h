// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stream/consumer_state.h"
#include "stream/index/observable_refresh.h"

namespace socbridge::stream {

// Keeps the set of values in sync with TheHive.
class IndexRefresher {
 public:
  explicit IndexRefresher(ConsumerState& core) : core_(core) {}

  // Fills the set before the first event: from the watch list, the snapshot, or TheHive, for which
  // it waits. Errors: those that do not pass by waiting.
  Status fill();

  // Thread function: runs until the consumer stops.
  void run();

 private:
  ObservableRefresh::TakeFresh take_fresh(LookupScope least);
  Status once(ObservableRefresh& refresh, bool whole);

  ConsumerState& core_;
};

}  // namespace socbridge::stream
