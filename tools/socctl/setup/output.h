// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "setup/step.h"
#include "socctl/common/command.h"

namespace socbridge::socctl {

// How the steps of `setup PRODUCT` are shown: a table with what is to be written and how it is
// taken back for people, records for programs.
struct StepsOutput {
  std::string product;  // as on the command line
  term::Format format;
  Secret key = {};  // shown with the step `key`, because it was asked for; or empty

  bool for_people() const {
    return format == term::Format::automatic || format == term::Format::table;
  }
  void print(const std::vector<setup::Step>& steps, Context& context) const;
};

}  // namespace socbridge::socctl
