#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "marking/marking_rule.h"
#include "stream/consumer_state.h"
#include "stream/technique_task.h"
#include "thehive/annotations.h"

namespace socbridge::stream {

// Adds the techniques of what was told to the alerts and cases that were told, some time later:
// asks OpenCTI for them and puts them into TheHive. Neither waits for the other's troubles: what
// cannot be done now stays in its journal.
class TechniqueDelivery {
 public:
  explicit TechniqueDelivery(ConsumerState& core) : core_(core) {}

  // A thread: until it is time to stop, or all is told and nothing waits.
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
  int refusals_ = 0;  // of what waits first
  std::atomic<std::uint64_t> added_{0};
};

}  // namespace socbridge::stream
