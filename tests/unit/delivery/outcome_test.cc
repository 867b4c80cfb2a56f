// SPDX-License-Identifier: Apache-2.0
#include "delivery/outcome.h"

#include <catch2/catch.hpp>

namespace socbridge::delivery {
namespace {

using Kind = Outcome::Kind;

Outcome of(Kind kind, Outcome::Postponed why = Outcome::Postponed::in_flight) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.postponed = why;
  return outcome;
}

}  // namespace

TEST_CASE("exit codes of an alert that is stored nowhere") {
  CHECK(exit_code(of(Kind::created)) == ExitCode::ok);
  CHECK(exit_code(of(Kind::duplicate)) == ExitCode::ok);
  CHECK(exit_code(of(Kind::failed)) == ExitCode::unreachable);
  CHECK(exit_code(of(Kind::key_refused)) == ExitCode::auth);
  CHECK(exit_code(of(Kind::refused)) == ExitCode::refused);
  CHECK(exit_code(of(Kind::postponed)) == ExitCode::unreachable);
  CHECK(exit_code(of(Kind::postponed, Outcome::Postponed::key_refused)) == ExitCode::auth);
}

TEST_CASE("only failures that the server or another process can change are retried") {
  for (const Kind kind : {Kind::failed, Kind::alert_failed, Kind::postponed}) {
    CHECK(of(kind).may_pass_later());
  }
  for (const Kind kind :
       {Kind::created, Kind::duplicate, Kind::filtered, Kind::bad_input, Kind::key_refused,
        Kind::wrong_url, Kind::reduced, Kind::refused, Kind::too_large, Kind::blocked}) {
    CHECK_FALSE(of(kind).may_pass_later());
  }
  CHECK_FALSE(of(Kind::postponed, Outcome::Postponed::key_refused).may_pass_later());
}

}  // namespace socbridge::delivery
