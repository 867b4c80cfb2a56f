// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/finding.h"

#include <utility>

#include "json/writer.h"

namespace socbridge::health::job_runner {

const char* state_name(State state) {
  switch (state) {
    case State::ok: return "ok";
    case State::skipped: return "skipped";
    case State::warning: return "warning";
    case State::bad: return "bad";
  }
  return "bad";
}

std::string Finding::json() const {
  json::Writer w;
  w.begin_object();
  w.member("check", check);
  w.member("state", state_name(state));
  w.member("finding", text);
  if (!next.empty()) w.member("next", next);
  w.end_object();
  return std::move(w).take();
}

Finding good(std::string check, std::string text) {
  return {std::move(check), State::ok, std::move(text), {}};
}
Finding skipped(std::string check, std::string text, std::string next) {
  return {std::move(check), State::skipped, std::move(text), std::move(next)};
}
Finding warning(std::string check, std::string text, std::string next) {
  return {std::move(check), State::warning, std::move(text), std::move(next)};
}
Finding bad(std::string check, std::string text, std::string next) {
  return {std::move(check), State::bad, std::move(text), std::move(next)};
}
Finding failed(std::string check, const Status& status) {
  return {std::move(check), State::bad, status.message(), status.hint(), status.code()};
}

}  // namespace socbridge::health::job_runner
