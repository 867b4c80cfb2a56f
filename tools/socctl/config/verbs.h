// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "socctl/common/command.h"

namespace socbridge::socctl {

// The verbs of `socctl config` that have a file of their own.
void add_config_schema(Command& config, Chosen& chosen);
void add_config_test(Command& config, Chosen& chosen);

}  // namespace socbridge::socctl
