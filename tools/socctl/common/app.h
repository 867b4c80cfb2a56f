// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "socctl/common/command.h"

namespace socbridge::socctl {

// The complete command tree. Completions, manual pages and help are generated from it.
std::unique_ptr<Command> build_app(Chosen& chosen);

// The text of --help for a command, with its parent commands in the usage.
std::string help_of(const Command& command);

// Parses and runs. `args` without the program's name.
ExitCode run(const std::vector<std::string>& args);

}  // namespace socbridge::socctl
