// SPDX-License-Identifier: Apache-2.0
#include "health/report.h"

#include <algorithm>

namespace socbridge::health {

const char* state_name(State state) {
  switch (state) {
    case State::skipped: return "skipped";
    case State::ok: return "ok";
    case State::unknown: return "unknown";
    case State::degraded: return "degraded";
    case State::down: return "down";
  }
  return "";
}

const char* cause_name(Cause cause) {
  switch (cause) {
    case Cause::none: return "none";
    case Cause::unreachable: return "unreachable";
    case Cause::refused: return "refused";
    case Cause::auth: return "auth";
    case Cause::configuration: return "configuration";
    case Cause::version: return "version";
    case Cause::slow: return "slow";
    case Cause::stale: return "stale";
    case Cause::missing: return "missing";
    case Cause::reported_error: return "reported_error";
  }
  return "";
}

Cause cause_of(const Status& status) {
  switch (status.code()) {
    case ExitCode::ok: return Cause::none;
    case ExitCode::unreachable: return Cause::unreachable;
    case ExitCode::auth: return Cause::auth;
    case ExitCode::usage:
    case ExitCode::failure: return Cause::configuration;
    default: return Cause::refused;
  }
}

State Threshold::evaluate(std::int64_t value) const {
  const auto passed = [&](std::int64_t limit) {
    return limit != kNever && (bad == Bad::above ? value > limit : value < limit);
  };
  if (passed(down)) return State::down;
  return passed(degraded) ? State::degraded : State::ok;
}

std::string Threshold::name() const { return std::string(component) + " " + std::string(check); }

const Check* Report::worst() const {
  const auto found =
      std::max_element(checks.begin(), checks.end(),
                       [](const Check& a, const Check& b) { return a.state < b.state; });
  return found == checks.end() ? nullptr : &*found;
}

State Report::state() const {
  const Check* check = worst();
  return check == nullptr ? State::skipped : check->state;
}

State Summary::state() const {
  State out = State::skipped;
  for (const Report& report : reports) out = std::max(out, report.state());
  return out;
}

std::size_t Summary::count(State state) const {
  return static_cast<std::size_t>(std::count_if(
      reports.begin(), reports.end(), [&](const Report& r) { return r.state() == state; }));
}

ExitCode Summary::exit_code() const {
  bool down = false, auth = false, configuration = false, flawed = false;
  for (const Report& report : reports) {
    for (const Check& check : report.checks) {
      if (check.state <= State::ok) continue;
      if (check.cause == Cause::auth) {
        auth = true;
      } else if (check.state == State::down) {
        down = true;
      } else if (check.cause == Cause::configuration && check.state == State::unknown) {
        configuration = true;
      } else {
        flawed = true;
      }
    }
  }
  if (down) return ExitCode::unreachable;
  if (auth) return ExitCode::auth;
  if (configuration) return ExitCode::usage;
  return flawed ? ExitCode::degraded : ExitCode::ok;
}

int Summary::nagios_code() const {
  constexpr int kOk = 0, kWarning = 1, kCritical = 2, kUnknown = 3;
  switch (state()) {
    case State::skipped: return kUnknown;
    case State::ok: return kOk;
    case State::unknown: return kUnknown;
    case State::degraded: return kWarning;
    case State::down: return kCritical;
  }
  return kUnknown;
}

}  // namespace socbridge::health
