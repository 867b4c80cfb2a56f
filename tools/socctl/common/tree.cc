// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/tree.h"

#include <CLI/App.hpp>

namespace socbridge::socctl {
namespace {

OptionInfo describe_option(const CLI::Option& option) {
  OptionInfo info;
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  info.description = option.get_description();
  info.required = option.get_required();
  if (option.get_expected_max() > 0) {
    info.value = option.get_type_name();
    if (const std::size_t colon = info.value.find(':'); colon != std::string::npos) {
      info.value.resize(colon);  // validators append their own text
    }
    if (info.value.empty()) info.value = "VALUE";
  }
  if (info.names.empty()) info.positional = info.value;
  info.repeatable = option.get_items_expected_max() > 1 || option.get_expected_max() > 1;
  info.file = info.value == "FILE" || info.value == "DIR";
  return info;
}

void fill(Node& node, const CLI::App& app, const std::string& parent) {
  node.name = app.get_name();
  node.path = parent.empty() ? node.name : parent + " " + node.name;
  node.description = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    node.options.push_back(describe_option(*option));
  }
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    node.children.emplace_back();
    fill(node.children.back(), *child, node.path);
  }
}

}  // namespace

Node describe(const Command& root_command) {
  Node root;
  fill(root, root_command.cli(), "");
  return root;
}

}  // namespace socbridge::socctl
