// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/status.h"
#include "base/time.h"
#include "opencti/answer.h"
#include "opencti/client.h"

namespace socbridge::opencti {

// The result of one request for several items.
struct Attempt {
  Status status;
  bool too_much =
      false;  // not answered in time, or more than the platform can do: fewer items may succeed
};
// For a request with the deadline `deadline`.
Attempt attempt_of(std::string_view what, const Result<Answer>& answer, const Deadline& deadline);

// Requests many items, several at once, and halves a request that is too large for the platform:
// its search engine refuses it (DATABASE_ERROR) or does not answer in time. Not thread-safe.
class Halving {
 public:
  // Requests the items [begin, end). Several items are requested once only, with a part of the
  // time.
  using Ask = std::function<Attempt(std::size_t begin, std::size_t end, const Deadline& deadline,
                                    Operation operation)>;
  // Called for an item that cannot be queried although others can.
  using GiveUp = std::function<void(std::size_t index, const Status& why)>;

  explicit Halving(const Deadline& deadline) : deadline_(deadline) {}

  // Errors: a failure that does not depend on the number of items, or the last one after three
  // single items failed in a row, since the platform is unwell then.
  Status run(std::size_t count, std::size_t at_once, const Ask& ask, const GiveUp& give_up);

 private:
  Status range(std::size_t begin, std::size_t end, const Ask& ask, const GiveUp& give_up);

  Deadline deadline_;
  int misses_ = 0;  // in a row
};

}  // namespace socbridge::opencti
