// SPDX-License-Identifier: Apache-2.0
#include "profile/variables.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "profile/config_file.h"

namespace socbridge::profile {
namespace {

constexpr std::string_view kTool = "SOCCTL", kProject = "SOCBRIDGE";

// The part before the first underscore.
std::string_view prefix_of(std::string_view name) { return name.substr(0, name.find('_')); }
std::string_view rest_of(std::string_view name) {
  return name.substr(std::min(name.size(), prefix_of(name).size() + 1));
}

bool is_known(std::string_view name) {
  const auto& names = variable_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

// For a Service named socctl, Kubernetes sets SOCCTL_PORT, SOCCTL_SERVICE_HOST, SOCCTL_PORT_80_TCP
// in pods.
bool is_of_kubernetes(std::string_view name) {
  return name.ends_with("_PORT") || name.ends_with("_SERVICE_HOST") ||
         name.find("_PORT_") != std::string_view::npos;
}

// Empty: no name is near.
std::string nearest_variable(std::string_view given) {
  const std::string name = ascii_upper(given);
  if (is_known(name)) return name;
  const std::string_view prefix = prefix_of(name), rest = rest_of(name);
  const bool ours = prefix == kTool || prefix == kProject;
  if (!ours && nearest(prefix, {kTool, kProject}).empty()) return {};
  std::vector<std::string_view> beside;
  for (const std::string& one : variable_names()) {
    if (rest_of(one) == rest) return one;
    if (prefix_of(one) == prefix) beside.push_back(rest_of(one));
  }
  const std::string_view near = nearest(rest, beside);
  return near.empty() ? std::string() : std::string(prefix) + "_" + std::string(near);
}

}  // namespace

const std::vector<std::string>& variable_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out = {"SOCBRIDGE_WAZUH_HOME",   "SOCCTL_STATE_DIR",
                                    "SOCCTL_RECEIVE_TOKEN",   "SOCCTL_CORTEX_QUOTAS",
                                    "SOCCTL_JOBS_DIRECTORY",  "SOCCTL_JOBS_NAMESPACE",
                                    "SOCCTL_JOBS_KUBECONFIG", "SOCCTL_JOBS_SERVICE_ACCOUNT"};
    for (const std::string_view product : product_names()) {
      for (const config::Key& key : product_schema()) {
        out.push_back("SOCCTL_" + ascii_upper(product) + "_" + ascii_upper(key.name));
      }
    }
    for (const char* product : {"THEHIVE", "CORTEX", "OPENCTI"}) {  // socctl setup
      out.push_back(std::string("SOCCTL_") + product + "_ADMIN_KEY");
      out.push_back(std::string("SOCCTL_") + product + "_ADMIN_KEY_FILE");
    }
    return out;
  }();
  return names;
}

std::vector<MisspeltVariable> misspelt_variables(const SystemPaths& system) {
  constexpr std::size_t kShown = 60;
  std::vector<MisspeltVariable> out;
  for (const auto& [name, value] : system.environment) {
    if (value.empty() || name.size() > kShown || is_known(name) || is_of_kubernetes(name)) continue;
    if (std::string near = nearest_variable(name); !near.empty()) {
      out.push_back({printable(name, kShown), std::move(near)});
    }
  }
  return out;
}

Status misspelt_status(const MisspeltVariable& variable) {
  return Status::error(ExitCode::usage,
                       "the environment variable " + variable.name + " is not read: no such name",
                       "did you mean " + variable.nearest + "?");
}

}  // namespace socbridge::profile
