// SPDX-License-Identifier: Apache-2.0
#include "socctl/setup/verbs.h"

namespace socbridge::socctl {

void add_setup(Command& app, Chosen& chosen) {
  Command* setup =
      app.add_subcommand("setup", "Set up Wazuh, TheHive, Cortex or OpenCTI for socbridge");
  setup->require_subcommand(1);
  add_setup_wazuh(*setup, chosen);
  add_setup_thehive(*setup, chosen);
  add_setup_cortex(*setup, chosen);
  add_setup_opencti(*setup, chosen);
}

}  // namespace socbridge::socctl
