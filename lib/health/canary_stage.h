// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "health/report.h"

namespace socbridge::health {

// Result of one stage of the canary run.
struct Stage {
  State state = State::ok;
  Cause cause = Cause::none;
  std::string detail, next;

  bool ok() const { return state == State::ok; }
  static Stage good(std::string detail) { return {State::ok, Cause::none, std::move(detail), {}}; }
  static Stage broken(std::string detail, std::string next, Cause cause = Cause::reported_error) {
    return {State::down, cause, std::move(detail), std::move(next)};
  }
  static Stage failed(const Status& status) {
    const Cause cause = cause_of(status);
    const State state = cause == Cause::configuration ? State::unknown : State::down;
    return {state, cause, status.message(), status.hint()};
  }
};

}  // namespace socbridge::health
