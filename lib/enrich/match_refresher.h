#pragma once

#include "enrich/consumer_core.h"
#include "enrich/observable_refresh.h"

namespace socbridge::enrich {

// Keeps the set of values like TheHive.
class MatchRefresher {
 public:
  explicit MatchRefresher(ConsumerCore& core) : core_(core) {}

  // The set must be whole before the first event: from the watch list, the snapshot, or TheHive,
  // which is waited for. Errors: those that waiting does not mend.
  Status fill();

  // A thread: until it is time to stop.
  void run();

 private:
  ObservableRefresh::TakeFresh take_fresh(AskScope least);
  Status once(ObservableRefresh& refresh, bool whole);

  ConsumerCore& core_;
};

}  // namespace socbridge::enrich
