// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/env.h"
#include "integration/config_check.h"
#include "socctl/common/command.h"

namespace socbridge::socctl {

// Verbs of `socctl config` in files of their own.
void add_config_schema(Command& config, Chosen& chosen);
void add_config_test(Command& config, Chosen& chosen);

// All errors of socctl's own configuration files, read with the rights of the caller. Empty if
// there is no file.
std::vector<integration::Finding> check_own_files(Env& env);

}  // namespace socbridge::socctl
