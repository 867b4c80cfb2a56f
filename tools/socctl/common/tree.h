// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "socctl/common/command_line.h"

namespace socbridge::socctl {

struct OptionInfo {
  std::vector<std::string> names;  // "-o", "--output"; empty for a positional argument
  std::string value;               // "FORMAT", or empty for a flag
  std::string positional;          // name of a positional argument
  std::string description;
  bool repeatable = false;
  bool required = false;
  bool file = false;  // completes to file names
};

// The command tree as data, for everything that is generated from it.
struct Node {
  std::string name;
  std::string path;  // "socctl alert map"
  std::string description;
  std::vector<OptionInfo> options;
  std::vector<Node> children;
};

Node describe(const Command& root_command);

// Completion script for `shell` (bash, zsh, fish).
std::string completion_script(const Node& root, const std::string& shell);

// One manual page (roff, man macros) for a command: section 1.
std::string manual_page(const Node& node, const Node& root);

}  // namespace socbridge::socctl
