// SPDX-License-Identifier: Apache-2.0
#include "setup/step.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using setup::Step;
using setup::StepState;

namespace {

Step open_step(const char* name, StepState state, std::vector<std::string>& log,
               Status result = {}) {
  Step step = setup::present_step(name, "detail");
  step.state = state;
  step.action = [&log, name, result] {
    log.emplace_back(name);
    return result;
  };
  return step;
}

}  // namespace

TEST_CASE("missing or different steps are applied in order, and the first failure ends it") {
  std::vector<std::string> log;
  std::vector<Step> steps = {
      setup::present_step("a", "is there"), open_step("b", StepState::missing, log),
      open_step("c", StepState::differs, log, Status::error(ExitCode::auth, "refused", "do this")),
      open_step("d", StepState::missing, log)};
  CHECK_FALSE(setup::has_failed(steps));
  const Status status = setup::carry_out(steps);
  CHECK(status.code() == ExitCode::auth);
  CHECK(log == std::vector<std::string>{"b", "c"});
  CHECK(steps[0].state == StepState::present);
  CHECK(steps[1].state == StepState::done);
  CHECK(steps[2].state == StepState::failed);
  CHECK(steps[2].detail == "detail: refused");
  CHECK(steps[2].next == "do this");
  CHECK(steps[3].state == StepState::missing);
  CHECK(setup::exit_code(steps) == ExitCode::auth);
}

TEST_CASE("a step that failed in the plan keeps the code of its status") {
  const std::vector<Step> steps = {
      setup::failed_step("a", Status::error(ExitCode::unreachable, "gone", "try again"))};
  CHECK(setup::exit_code(steps) == ExitCode::unreachable);
  CHECK(steps[0].next == "try again");
  CHECK_FALSE(setup::is_open(steps[0]));
}

TEST_CASE("the verification confirms a step, or reports that it had no effect") {
  std::vector<std::string> log;
  std::vector<Step> steps = {open_step("a", StepState::missing, log),
                             open_step("b", StepState::missing, log),
                             open_step("c", StepState::missing, log)};
  REQUIRE(setup::carry_out(steps).ok());
  Step now = setup::present_step("a", "id 7");
  now.next = "use it";
  Step still = setup::present_step("b", "is not there");
  still.state = StepState::missing;
  setup::confirm(steps,
                 {now, still, setup::failed_step("e", Status::error(ExitCode::auth, "locked"))});
  CHECK(steps[0].state == StepState::done);
  CHECK(steps[0].detail == "id 7");
  CHECK(steps[0].next == "use it");
  CHECK(steps[1].state == StepState::failed);
  CHECK(steps[1].detail.find("is not there") != std::string::npos);
  CHECK(steps[1].detail == "was done, but is not as required: is not there");
  CHECK(steps[1].code == ExitCode::refused);
  CHECK(steps[2].state == StepState::failed);
  CHECK(steps[2].detail == "done, but not confirmed: locked");
  CHECK(steps[2].code == ExitCode::auth);
  REQUIRE(steps.size() == 4);
  CHECK(steps[3].name == "e");
}

TEST_CASE("a verification that ends early fails the steps it does not show") {
  std::vector<std::string> log;
  std::vector<Step> steps = {setup::present_step("version", "7"),
                             setup::present_step("there", "before"),
                             open_step("a", StepState::missing, log)};
  steps[2].undo = "rm a";
  REQUIRE(setup::carry_out(steps).ok());
  const Status gone = Status::error(ExitCode::unreachable, "no answer", "try again");
  setup::confirm(steps, {setup::failed_step("version", gone)});
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].state == StepState::failed);
  CHECK(steps[0].detail == "no answer");
  CHECK(steps[1].state == StepState::present);
  CHECK(steps[2].state == StepState::failed);
  CHECK(steps[2].detail == "done, but not confirmed: no answer");
  CHECK(steps[2].next == "try again");
  CHECK(setup::exit_code(steps) == ExitCode::unreachable);
  CHECK(setup::undo_text(steps) == "\nMay be partly done: a\n\nTo undo:\n  rm a\n");
}

TEST_CASE("a step that cannot be read again is not reported as wrong") {
  std::vector<std::string> log;
  std::vector<Step> steps = {open_step("a", StepState::missing, log),
                             open_step("b", StepState::missing, log)};
  REQUIRE(setup::carry_out(steps).ok());
  setup::confirm(steps, {setup::failed_step("a", Status::error(ExitCode::unreachable, "500")),
                         setup::present_step("b", "there")});
  CHECK(steps[0].detail == "done, but not confirmed: 500");
  CHECK(setup::exit_code(steps) == ExitCode::unreachable);
  CHECK(setup::undo_text(steps) == "\nDone and kept: b\n\nMay be partly done: a\n");
}

TEST_CASE("steps done before a failure are listed, with the undo") {
  std::vector<std::string> log;
  std::vector<Step> steps = {
      setup::present_step("program", "is there"),
      open_step("spool", StepState::missing, log),
      open_step("key", StepState::differs, log),
      open_step("block", StepState::missing, log),
      open_step("user", StepState::missing, log, Status::error(ExitCode::failure, "no")),
      open_step("more", StepState::missing, log)};
  steps[1].undo = "rmdir /spool";
  steps[3].undo = "mv /old /conf";
  steps[3].after_undo = "restart it";
  steps[4].undo = "delete the user";
  steps[5].undo = "rm more";
  CHECK(setup::undo_text(steps).empty());
  CHECK_FALSE(setup::carry_out(steps).ok());
  const std::string kept = "\nDone and kept: spool, key, block\n\nMay be partly done: user\n";
  CHECK(setup::undo_text(steps) ==
        kept + "\nTo undo:\n  delete the user\n  mv /old /conf\n  rmdir /spool\n  restart it\n");
  steps[4].undo.clear();
  steps[3].undo = steps[1].undo = "rmdir /spool";
  steps[3].after_undo.clear();
  CHECK(setup::undo_text(steps) == kept + "\nTo undo:\n  rmdir /spool\n");
  steps[1].undo.clear();
  steps[3].undo.clear();
  CHECK(setup::undo_text(steps) == kept);
  steps.resize(4);
  CHECK(setup::undo_text(steps).empty());
  steps[1].undo = "rmdir /spool";
  CHECK(setup::undo_text(steps) == "\nTo undo:\n  rmdir /spool\n");
}

TEST_CASE("step: each state has its word") {
  CHECK(std::string(setup::step_state_name(StepState::present)) == "present");
  CHECK(std::string(setup::step_state_name(StepState::missing)) == "missing");
  CHECK(std::string(setup::step_state_name(StepState::differs)) == "differs");
  CHECK(std::string(setup::step_state_name(StepState::done)) == "done");
  CHECK(std::string(setup::step_state_name(StepState::failed)) == "failed");
}
