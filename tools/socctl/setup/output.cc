// SPDX-License-Identifier: Apache-2.0
#include "socctl/setup/output.h"

#include <algorithm>

#include "json/writer.h"

namespace socbridge::socctl {
namespace {

using setup::Step;
using setup::StepState;

term::Style style_of(StepState state) {
  switch (state) {
    case StepState::present:
    case StepState::done: return term::Style::green;
    case StepState::missing:
    case StepState::differs: return term::Style::yellow;
    case StepState::failed: return term::Style::red;
  }
  return term::Style::none;
}

std::string to_json(const Step& step, const Secret& key) {
  json::Writer w;
  w.begin_object();
  w.member("step", step.name);
  w.member("state", step_state_name(step.state));
  w.member("detail", step.detail);
  w.member("next", step.next);
  if (!step.text.empty()) w.member("text", step.text);
  if (!step.undo.empty()) w.member("undo", step.undo);
  if (step.name == "key" && !key.empty()) w.member("key", key.reveal());
  w.end_object();
  return std::move(w).take();
}

// Before writing: the texts to be written. After it: the commands that undo it.
void print_texts(const StepsOutput& output, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.state == StepState::missing && !step.text.empty()) write_out("\n" + step.text);
  }
  const bool open = std::any_of(steps.begin(), steps.end(), setup::is_open);
  if (open && !setup::has_failed(steps)) {
    write_out("\nsocctl setup " + output.product +
              " --write creates what is missing and corrects what differs.\n");
  }
  write_out(setup::undo_text(steps));
  if (!output.key.empty()) write_out("\nKey: " + std::string(output.key.reveal()) + "\n");
}

}  // namespace

void StepsOutput::print(const std::vector<Step>& steps, Context& context) const {
  term::Records records(format, context.out, {"STEP", "STATE", "DETAIL", "NEXT"}, write_out);
  for (const Step& step : steps) {
    records.add({{step.name},
                 {step_state_name(step.state), style_of(step.state)},
                 {step.detail},
                 {step.next}},
                to_json(step, key));
  }
  records.finish();
  if (for_people()) print_texts(*this, steps);
}

}  // namespace socbridge::socctl
