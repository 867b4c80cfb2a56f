#pragma once

#include <string>

#include "base/status.h"
#include "health/report.h"

namespace socbridge::health {

// How one hop of the canary went.
struct Hop {
  State state = State::ok;
  Cause cause = Cause::none;
  std::string detail, next;

  bool ok() const { return state == State::ok; }
  static Hop good(std::string detail) { return {State::ok, Cause::none, std::move(detail), {}}; }
  static Hop broken(std::string detail, std::string next, Cause cause = Cause::trouble) {
    return {State::down, cause, std::move(detail), std::move(next)};
  }
  static Hop failed(const Status& status) {
    const Cause cause = cause_of(status);
    const State state = cause == Cause::configuration ? State::unknown : State::down;
    return {state, cause, status.message(), status.hint()};
  }
};

}  // namespace socbridge::health
