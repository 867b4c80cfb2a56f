// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "opencti/client.h"
#include "stream/consumer_state.h"
#include "stream/lookup/lookup_task.h"

namespace socbridge::stream {

// Asks OpenCTI about values that came to TheHive after their indicators, which give no event then.
// What it knows goes the way of all matches: into the journal, and to TheHive from there.
class IndicatorLookup {
 public:
  explicit IndicatorLookup(ConsumerState& core) : core_(core) {}

  // A thread: until it is time to stop, or everything was refreshed and asked about.
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
  int refusals_ = 0;                // of what waits first
  std::vector<LookupTask> failed_;  // of the batch at work: asked again behind all that waits
  Status failure_;                  // of the last of them
  std::atomic<std::uint64_t> values_{0}, queries_{0}, matches_{0};
};

}  // namespace socbridge::stream
