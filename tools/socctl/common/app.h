// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "socctl/common/command.h"

namespace socbridge::socctl {

// The whole command tree. Completions, manual pages and help are all made from it.
std::unique_ptr<Command> build_app(Chosen& chosen);

// What --help says of a command, with the words before it in its usage.
std::string help_of(const Command& command);

// Parses and runs. `args` without the program's name.
ExitCode run(const std::vector<std::string>& args);

}  // namespace socbridge::socctl
