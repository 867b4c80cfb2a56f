// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "socctl/common/command.h"

namespace socbridge::socctl {

void add_setup_wazuh(Command& setup, Chosen& chosen);

}  // namespace socbridge::socctl
