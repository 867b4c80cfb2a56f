// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "setup/step.h"
#include "socctl/common/command.h"

namespace socbridge::socctl {

// Output of the steps of `setup PRODUCT`: for people a table with texts to be written and commands
// to undo it, for programs records.
struct StepsOutput {
  std::string product;  // as on the command line
  term::Format format;
  Secret key = {};  // shown in the step `key` if requested; else empty

  bool for_people() const {
    return format == term::Format::automatic || format == term::Format::table;
  }
  void print(const std::vector<setup::Step>& steps, Context& context) const;
};

}  // namespace socbridge::socctl
