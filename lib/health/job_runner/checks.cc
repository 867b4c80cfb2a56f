// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/checks.h"

#include <utility>

namespace socbridge::health::job_runner {

Check good(std::string name, std::string detail) {
  return {std::move(name), State::ok, Cause::none, std::move(detail), {}};
}
Check skipped(std::string name, std::string detail, std::string next) {
  return {std::move(name), State::skipped, Cause::none, std::move(detail), std::move(next)};
}
Check warning(std::string name, std::string detail, std::string next) {
  return {std::move(name), State::degraded, Cause::reported_error, std::move(detail),
          std::move(next)};
}
Check bad(std::string name, std::string detail, std::string next) {
  return {std::move(name), State::down, Cause::reported_error, std::move(detail), std::move(next)};
}
Check failed(std::string name, const Status& status) {
  if (status.code() == ExitCode::degraded || status.code() == ExitCode::failure) {
    return bad(std::move(name), status.message(), status.hint());
  }
  return {std::move(name), State::unknown, cause_of(status), status.message(), status.hint()};
}

}  // namespace socbridge::health::job_runner
