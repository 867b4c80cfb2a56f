// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace socbridge::setup {

// present: as required. missing, differs: `--write` creates or corrects it. done: created or
// corrected now. failed: could not be created, or was not.
enum class StepState { present, missing, differs, done, failed };
const char* step_state_name(StepState state);

// One requirement of any product. Texts are for people, printable, without secrets.
struct Step {
  std::string name;  // one word, the same in every run: "spool", "user"
  StepState state = StepState::present;
  std::string detail;                   // what it is, the differences, or the error
  std::string next;                     // the operator's next action, or empty
  std::string text;                     // text to be written, for people; or empty
  std::string undo;                     // command or request that undoes it
  std::string after_undo;               // what to do once everything is undone, or empty
  std::function<Status()> action = {};  // creates or corrects it; set if missing or differs
  ExitCode code = ExitCode::usage;      // if failed
  bool tried = false;                   // its action was started: it may be partly done
};

Step present_step(std::string name, std::string detail);
Step failed_step(std::string name, const Status& status);

// For people: after a failure, the steps that are done and those that may be partly done; then the
// commands and requests that undo them, last one first, since an object must be removed after its
// users. Empty if nothing was tried, or everything was done and nothing can be undone.
std::string undo_text(const std::vector<Step>& steps);

// Whether `--write` has to change something for it.
bool is_open(const Step& step);
bool has_failed(const std::vector<Step>& steps);
// The code of the first failed step; ok if there is none.
ExitCode exit_code(const std::vector<Step>& steps);

// Runs the actions of missing and different steps, in order. The first failure ends it; later steps
// are not changed. Returns its Status, or ok.
Status carry_out(std::vector<Step>& steps);

// Compares the result with a new plan of the same steps. A step that is not as required in the new
// plan becomes failed; the others get detail and next from it. Steps after the end of an incomplete
// plan are failed with its code. A step that failed in the new plan is failed, whatever it was
// before.
void confirm(std::vector<Step>& steps, const std::vector<Step>& again);

}  // namespace socbridge::setup
