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

std::string undo_text(const std::vector<Step>& steps, UndoOrder order) {
  std::string done, undo, failed;
  for (const Step& step : steps) {
    if (step.state == StepState::failed && failed.empty()) failed = step.name;
    if (step.state != StepState::done) continue;
    done += (done.empty() ? "" : ", ") + step.name;
    if (step.undo.empty()) continue;
    const std::string line = "  " + step.undo + "\n";
    undo = order == UndoOrder::as_made ? undo + line : line + undo;
  }
  std::string out;
  if (!failed.empty() && !done.empty()) {
    out = "\nDone before " + failed + " failed, and still so: " + done + "\n";
  }
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

void confirm(std::vector<Step>& steps, const std::vector<Step>& again) {
  for (Step& step : steps) {
    if (step.state != StepState::done) continue;
    const auto now = std::find_if(again.begin(), again.end(),
                                  [&](const Step& one) { return one.name == step.name; });
    if (now == again.end()) continue;  // what failed before it says why
    if (now->state == StepState::present) {
      step.detail = now->detail;
      step.next = now->next;
      continue;
    }
    step.state = StepState::failed;
    step.code = now->state == StepState::failed ? now->code : ExitCode::refused;
    step.detail = "was made, and is not as it is to be: " + now->detail;
    step.next = now->next;
  }
  for (const Step& one : again) {
    const bool known = std::any_of(steps.begin(), steps.end(),
                                   [&](const Step& step) { return step.name == one.name; });
    if (!known && one.state == StepState::failed) steps.push_back(one);
  }
}

}  // namespace socbridge::setup
