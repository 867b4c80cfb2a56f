// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "opencti/client.h"
#include "stream/consumer_state.h"
#include "stream/lookup/lookup_task.h"

namespace socbridge::stream {

// Looks up values in OpenCTI that came to TheHive after their indicators, since the stream has no
// event for them. Matches are written to the journal and delivered from there, like all others.
class IndicatorLookup {
 public:
  explicit IndicatorLookup(ConsumerState& core) : core_(core) {}

  // Thread function: runs until the consumer stops, or everything was refreshed and looked up.
  void run();

  struct Counts {
    std::uint64_t values = 0, queries = 0, matches = 0;
  };
  Counts counts() const { return {values_, queries_, matches_}; }

 private:
  Status step(opencti::Client& client);
  Result<std::string> ask(opencti::Client& client, const std::vector<std::string>& lines);
  Status put_back();

  ConsumerState& core_;
  int refusals_ = 0;                // of the first waiting value
  std::vector<LookupTask> failed_;  // of the current batch: retried after all waiting values
  Status failure_;                  // of the last of them
  std::atomic<std::uint64_t> values_{0}, queries_{0}, matches_{0};
};

}  // namespace socbridge::stream
