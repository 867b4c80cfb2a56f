// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "stream/consumer_state.h"
#include "stream/delivery.h"

namespace socbridge::stream {

// Reports the matches of the journal to TheHive, in order. Failures are retried from the failed
// match; matches that TheHive refuses repeatedly are written to `refused.jsonl`.
class MatchDelivery {
 public:
  explicit MatchDelivery(ConsumerState& core) : core_(core) {}

  // Thread function: runs until the consumer stops, or everything is read and reported.
  void run();

  DeliveryCounts counts() const;

 private:
  Status some(StreamDelivery& delivery, bool& progress);
  Status one(StreamDelivery& delivery, const std::string& line);
  Status store_refused(const std::string& line, const Status& why);

  ConsumerState& core_;
  std::string tasks_;  // for the techniques journal, not yet written
  int refusals_ = 0;   // of the first unconfirmed line
  mutable std::mutex mutex_;
  DeliveryCounts counts_;
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace socbridge::stream
