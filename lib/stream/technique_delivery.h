// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "marking/marking_rule.h"
#include "stream/consumer_state.h"
#include "stream/technique_task.h"
#include "thehive/annotations.h"

namespace socbridge::stream {

// Adds the techniques of reported indicators to the notified alerts and cases, some time later:
// reads them from OpenCTI and writes them to TheHive. Failures here do not delay matches:
// unfinished tasks stay in the journal of this thread.
class TechniqueDelivery {
 public:
  explicit TechniqueDelivery(ConsumerState& core) : core_(core) {}

  // Thread function: runs until the consumer stops, or everything is reported and nothing waits.
  void run();

  std::uint64_t added() const { return added_; }

 private:
  struct Links;
  Status step(Links& links, std::size_t& done);
  Status some(Links& links, const std::vector<std::string>& lines, std::size_t& done);
  std::vector<thehive::Procedure> allowed(Links& links, const TechniqueTask& task,
                                          const marking::PlaceLimits& limits);
  Status write(Links& links, const TechniqueTask& task);
  Status put(Links& links, const TechniqueTask& task, std::size_t& done);

  ConsumerState& core_;
  int refusals_ = 0;  // of the first waiting task
  std::atomic<std::uint64_t> added_{0};
};

}  // namespace socbridge::stream
