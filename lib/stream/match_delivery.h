// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "stream/consumer_state.h"
#include "stream/delivery.h"

namespace socbridge::stream {

// Reports the matches of the journal to TheHive, in order. Failures are retried from the match that
// failed; what TheHive refuses repeatedly goes to `refused.jsonl`.
class MatchDelivery {
 public:
  explicit MatchDelivery(ConsumerState& core) : core_(core) {}

  // A thread: until it is time to stop, or all is read and reported.
  void run();

  DeliveryCounts counts() const;

 private:
  Status some(StreamDelivery& delivery, bool& progress);
  Status one(StreamDelivery& delivery, const std::string& line);
  Status store_refused(const std::string& line, const Status& why);

  ConsumerState& core_;
  std::string tasks_;  // for the techniques, not yet in their journal
  int refusals_ = 0;   // of the first line that waits
  mutable std::mutex mutex_;
  DeliveryCounts counts_;
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace socbridge::stream
