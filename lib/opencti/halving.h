// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/status.h"
#include "base/time.h"
#include "opencti/answer.h"
#include "opencti/client.h"

namespace socbridge::opencti {

// What became of one request for several things.
struct Attempt {
  Status status;
  bool too_much = false;  // not answered in time, or more than the platform can do: fewer may pass
};
// Of a request that had until `deadline`.
Attempt attempt_of(std::string_view what, const Result<Answer>& answer, const Deadline& deadline);

// Asks for many things, some at once, and halves what is too much for the platform: its search
// engine refuses what does not fit into its queue (DATABASE_ERROR), or it does not answer in time.
// Not thread-safe.
class Halving {
 public:
  // Asks for the things [begin, end). More than one is asked once and has a part of the time only.
  using Ask = std::function<Attempt(std::size_t begin, std::size_t end, const Deadline& deadline,
                                    Operation operation)>;
  // Called for an item that cannot be queried although others can.
  using GiveUp = std::function<void(std::size_t index, const Status& why)>;

  explicit Halving(const Deadline& deadline) : deadline_(deadline) {}

  // Errors: what is no matter of how many; and the last one if three things in a row could not be
  // asked for: then the platform is ill.
  Status run(std::size_t count, std::size_t at_once, const Ask& ask, const GiveUp& give_up);

 private:
  Status range(std::size_t begin, std::size_t end, const Ask& ask, const GiveUp& give_up);

  Deadline deadline_;
  int misses_ = 0;  // in a row
};

}  // namespace socbridge::opencti
