// SPDX-License-Identifier: Apache-2.0
#include "opencti/halving.h"

#include <algorithm>

namespace socbridge::opencti {

Attempt attempt_of(std::string_view what, const Result<Answer>& answer, const Deadline& deadline) {
  if (!answer.ok()) {
    const bool late = answer.status().code() == ExitCode::unreachable && deadline.passed();
    return {answer.status(), late};
  }
  const bool too_much =
      std::any_of(answer->errors.begin(), answer->errors.end(), [](const GraphqlError& error) {
        const ErrorKind kind = classify(error);
        return kind == ErrorKind::too_many || kind == ErrorKind::retry;
      });
  return {errors_status(what, *answer), too_much};
}

Status Halving::run(std::size_t count, std::size_t at_once, const Ask& ask, const GiveUp& give_up) {
  for (std::size_t begin = 0; begin < count; begin += at_once) {
    const Status done = range(begin, std::min(count, begin + at_once), ask, give_up);
    if (!done.ok()) return done;
  }
  return {};
}

Status Halving::range(std::size_t begin, std::size_t end, const Ask& ask, const GiveUp& give_up) {
  constexpr int kMostMisses = 3;
  const bool several = end - begin > 1;
  const Attempt attempt =
      ask(begin, end, several ? Deadline::after_ms(deadline_.left_ms() / 2) : deadline_,
          several ? Operation::single_query : Operation::query);
  if (attempt.status.ok()) {
    misses_ = 0;
    return {};
  }
  if (!attempt.too_much) return attempt.status;
  if (several) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (const Status first = range(begin, middle, ask, give_up); !first.ok()) return first;
    return range(middle, end, ask, give_up);
  }
  if (++misses_ >= kMostMisses || deadline_.passed()) return attempt.status;
  give_up(begin, attempt.status);
  return {};
}

}  // namespace socbridge::opencti
