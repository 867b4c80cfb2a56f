// SPDX-License-Identifier: Apache-2.0
#include "setup/step.h"

#include <algorithm>
#include <utility>

namespace socbridge::setup {

const char* step_state_name(StepState state) {
  switch (state) {
    case StepState::present: return "present";
    case StepState::missing: return "missing";
    case StepState::differs: return "differs";
    case StepState::done: return "done";
    case StepState::failed: return "failed";
  }
  return "";
}

Step present_step(std::string name, std::string detail) {
  Step step;
  step.name = std::move(name);
  step.detail = std::move(detail);
  return step;
}

Step failed_step(std::string name, const Status& status) {
  Step step = present_step(std::move(name), status.message());
  step.state = StepState::failed;
  step.next = status.hint();
  step.code = status.code();
  return step;
}

std::string undo_text(const std::vector<Step>& steps) {
  std::string done, in_part, undo, last;
  for (const Step& step : steps) {
    const bool is_done = step.state == StepState::done;
    if (!is_done && !(step.state == StepState::failed && step.tried)) continue;
    std::string& names = is_done ? done : in_part;
    names += (names.empty() ? "" : ", ") + step.name;
    const std::string line = "  " + step.undo + "\n";
    // One command that undoes two steps is listed once.
    if (!step.undo.empty() && !undo.starts_with(line)) undo = line + undo;
    if (!step.after_undo.empty()) last += "  " + step.after_undo + "\n";
  }
  std::string out;
  if (has_failed(steps) && !done.empty()) out = "\nDone and kept: " + done + "\n";
  if (!in_part.empty()) out += "\nMay be partly done: " + in_part + "\n";
  undo += last;
  return undo.empty() ? out : out + "\nTo undo:\n" + undo;
}

bool is_open(const Step& step) {
  return step.state == StepState::missing || step.state == StepState::differs;
}

bool has_failed(const std::vector<Step>& steps) { return exit_code(steps) != ExitCode::ok; }

ExitCode exit_code(const std::vector<Step>& steps) {
  const auto failed = std::find_if(
      steps.begin(), steps.end(), [](const Step& step) { return step.state == StepState::failed; });
  return failed == steps.end() ? ExitCode::ok : failed->code;
}

Status carry_out(std::vector<Step>& steps) {
  for (Step& step : steps) {
    if (!is_open(step)) continue;
    step.tried = true;
    if (const Status status = step.action(); !status.ok()) {
      step.state = StepState::failed;
      step.detail += ": " + status.message();
      if (!status.hint().empty()) step.next = status.hint();
      step.code = status.code();
      return status;
    }
    step.state = StepState::done;
  }
  return {};
}

namespace {

const Step* find(const std::vector<Step>& steps, const std::string& name) {
  const auto found =
      std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.name == name; });
  return found == steps.end() ? nullptr : &*found;
}

const Step* first_failed(const std::vector<Step>& steps) {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [](const Step& step) { return step.state == StepState::failed; });
  return found == steps.end() ? nullptr : &*found;
}

void fail_as(Step& step, const Step& why, const std::string& before, ExitCode code) {
  step.state = StepState::failed;
  step.code = code;
  step.detail = before + why.detail;
  step.next = why.next;
}

// `now`: the step in the new plan; `failure`: the step that ended that plan. Either may be null.
void confirm_one(Step& step, const Step* now, const Step* failure) {
  constexpr const char* kNotSeen = "done, but not confirmed: ";
  if (now == nullptr) {
    if (failure != nullptr) fail_as(step, *failure, kNotSeen, failure->code);
  } else if (now->state == StepState::present) {
    step.detail = now->detail;
    step.next = now->next;
  } else if (now->state == StepState::failed) {
    fail_as(step, *now, kNotSeen, now->code);
  } else {
    fail_as(step, *now, "was done, but is not as required: ", ExitCode::refused);
  }
}

}  // namespace

void confirm(std::vector<Step>& steps, const std::vector<Step>& again) {
  const Step* failure = first_failed(again);
  for (Step& step : steps) {
    const Step* now = find(again, step.name);
    if (step.state == StepState::done) {
      confirm_one(step, now, failure);
    } else if (now != nullptr && now->state == StepState::failed) {
      fail_as(step, *now, "", now->code);
    }
  }
  for (const Step& one : again) {
    if (one.state == StepState::failed && find(steps, one.name) == nullptr) steps.push_back(one);
  }
}

}  // namespace socbridge::setup
