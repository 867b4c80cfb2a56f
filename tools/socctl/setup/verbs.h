// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "socctl/common/command.h"

namespace socbridge::socctl {

// Verbs of `setup`, one file each.
void add_setup_wazuh(Command& setup, Chosen& chosen);
void add_setup_thehive(Command& setup, Chosen& chosen);
void add_setup_cortex(Command& setup, Chosen& chosen);
void add_setup_opencti(Command& setup, Chosen& chosen);

}  // namespace socbridge::socctl
