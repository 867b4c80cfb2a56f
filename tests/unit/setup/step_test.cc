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

TEST_CASE("what is missing or differs is made in order, the first that fails ends it") {
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

TEST_CASE("a new look confirms what was done, or says that it did not take") {
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
  CHECK(steps[2].state == StepState::done);
  REQUIRE(steps.size() == 4);
  CHECK(steps[3].name == "e");
}

TEST_CASE("what was done before a step failed is said, with the way back") {
  std::vector<std::string> log;
  std::vector<Step> steps = {
      setup::present_step("program", "is there"), open_step("spool", StepState::missing, log),
      open_step("key", StepState::differs, log), open_step("block", StepState::missing, log),
      open_step("user", StepState::missing, log, Status::error(ExitCode::failure, "no"))};
  steps[1].undo = "rmdir /spool";
  steps[3].undo = "mv /old /conf";
  using setup::UndoOrder;
  CHECK(setup::undo_text(steps, UndoOrder::as_made).empty());
  CHECK_FALSE(setup::carry_out(steps).ok());
  const std::string kept = "\nDone before user failed, and still so: spool, key, block\n";
  CHECK(setup::undo_text(steps, UndoOrder::as_made) ==
        kept + "\nTo undo:\n  rmdir /spool\n  mv /old /conf\n");
  CHECK(setup::undo_text(steps, UndoOrder::last_first) ==
        kept + "\nTo undo:\n  mv /old /conf\n  rmdir /spool\n");
  steps[1].undo.clear();
  steps[3].undo.clear();
  CHECK(setup::undo_text(steps, UndoOrder::as_made) == kept);
  steps.pop_back();
  CHECK(setup::undo_text(steps, UndoOrder::as_made).empty());
  steps[1].undo = "rmdir /spool";
  CHECK(setup::undo_text(steps, UndoOrder::as_made) == "\nTo undo:\n  rmdir /spool\n");
}

TEST_CASE("each state has its word") {
  CHECK(std::string(setup::step_state_name(StepState::present)) == "present");
  CHECK(std::string(setup::step_state_name(StepState::missing)) == "missing");
  CHECK(std::string(setup::step_state_name(StepState::differs)) == "differs");
  CHECK(std::string(setup::step_state_name(StepState::done)) == "done");
  CHECK(std::string(setup::step_state_name(StepState::failed)) == "failed");
}
