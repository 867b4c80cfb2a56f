// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace socbridge::setup {

// present: as it is to be. missing, differs: `--write` makes it, or makes it so. done: was made
// now. failed: cannot be made, or was not.
enum class StepState { present, missing, differs, done, failed };
const char* step_state_name(StepState state);

// One thing that has to be there, of any product. Texts are for people, printable, without secrets.
struct Step {
  std::string name;  // one word, the same in every run: "spool", "user"
  StepState state = StepState::present;
  std::string detail;                   // what it is, and what differs or why it failed
  std::string next;                     // what the operator does next, or empty
  std::string text;                     // what would be written, for people to read; or empty
  std::string undo;                     // command or request that takes back what was done
  std::string after_undo;               // what is to be done once all is taken back, or empty
  std::function<Status()> action = {};  // makes it; set if missing or differs
  ExitCode code = ExitCode::usage;      // if failed
  bool tried = false;                   // its action was begun: some of it may be made
};

Step present_step(std::string name, std::string detail);
Step failed_step(std::string name, const Status& status);

// For people: if a step failed, what is done and kept and what may be made in part; and the
// commands and requests that take all of that back, the last one first: a thing goes only after
// what uses it. Empty if nothing was tried, or all was done and none can be taken back.
std::string undo_text(const std::vector<Step>& steps);

// Whether `--write` has to do something for it.
bool is_open(const Step& step);
bool has_failed(const std::vector<Step>& steps);
// The code of the first step that failed; ok if none did.
ExitCode exit_code(const std::vector<Step>& steps);

// Makes what is missing or differs, in order. The first that cannot be made is failed and ends it:
// what comes after it stays as it was. Its Status, or success.
Status carry_out(std::vector<Step>& steps);

// Compares what was done with a new plan of the same steps: what is not seen as it is to be has
// failed, else its detail and next are those of the new plan. A new plan that ends early shows
// nothing of what follows: that has failed with the same code. What failed in the new plan has
// failed, whatever it was before.
void confirm(std::vector<Step>& steps, const std::vector<Step>& again);

}  // namespace socbridge::setup
