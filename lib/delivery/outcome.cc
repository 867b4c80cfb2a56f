// SPDX-License-Identifier: Apache-2.0
#include "delivery/outcome.h"

#include <utility>

namespace socbridge::delivery {

bool Outcome::may_pass_later() const {
  if (kind == Kind::postponed) return postponed != Postponed::key_refused;
  return kind == Kind::failed || kind == Kind::alert_failed;
}

Outcome Outcome::bad_input(std::string why) {
  Outcome outcome;
  outcome.kind = Kind::bad_input;
  outcome.message = std::move(why);
  return outcome;
}

const char* result_name(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::created: return "created";
    case Outcome::Kind::duplicate: return "duplicate";
    case Outcome::Kind::filtered: return "filtered";
    case Outcome::Kind::bad_input: return "bad_input";
    case Outcome::Kind::postponed:
      return outcome.postponed == Outcome::Postponed::key_refused ? "auth" : "retry";
    case Outcome::Kind::failed:
    case Outcome::Kind::alert_failed: return "retry";
    case Outcome::Kind::key_refused: return "auth";
    case Outcome::Kind::wrong_url:
    case Outcome::Kind::reduced:
    case Outcome::Kind::refused: return "refused";
    case Outcome::Kind::too_large: return "too_large";
    case Outcome::Kind::blocked: return "blocked";
  }
  return "";
}

ExitCode exit_code(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::created:
    case Outcome::Kind::duplicate:
    case Outcome::Kind::filtered: return ExitCode::ok;
    case Outcome::Kind::bad_input: return ExitCode::bad_input;
    case Outcome::Kind::postponed:
      return outcome.postponed == Outcome::Postponed::key_refused ? ExitCode::auth
                                                                  : ExitCode::unreachable;
    case Outcome::Kind::failed:
    case Outcome::Kind::alert_failed: return ExitCode::unreachable;
    case Outcome::Kind::key_refused: return ExitCode::auth;
    case Outcome::Kind::wrong_url:
    case Outcome::Kind::reduced:
    case Outcome::Kind::refused:
    case Outcome::Kind::too_large:
    case Outcome::Kind::blocked: return ExitCode::refused;
  }
  return ExitCode::failure;
}

}  // namespace socbridge::delivery
