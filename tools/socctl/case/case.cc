// SPDX-License-Identifier: Apache-2.0
#include "socctl/alert/verbs.h"

namespace socbridge::socctl {

void add_case(Command& app, Chosen& chosen) {
  Command* command =
      app.add_subcommand("case", "List and show TheHive's cases, add and analyse observables");
  command->require_subcommand(1);
  add_case_list(*command, chosen);
  add_case_show(*command, chosen);
  add_case_observable(*command, chosen);
  add_case_analyze(*command, chosen);
}

}  // namespace socbridge::socctl
