// SPDX-License-Identifier: Apache-2.0
#include "socctl/setup/verbs.h"

namespace socbridge::socctl {

void add_setup(Command& app, Chosen& chosen) {
  Command* setup = app.add_subcommand("setup", "Set up a product of this machine for socbridge");
  setup->require_subcommand(1);
  add_setup_wazuh(*setup, chosen);
}

}  // namespace socbridge::socctl
