// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provisioning/provisioner.h"
#include "socctl/common/command.h"
#include "socctl/common/endpoint_options.h"

namespace socbridge::socctl {

inline constexpr EndpointWords kGrafanaWords = {
    "grafana", "Grafana", "service account token",
    "Time for each request, which may include one to grafana.com (default 30s)", 30000};

// Options shared by the verbs of `grafana`.
struct GrafanaOptions {
  EndpointFlags endpoint{kGrafanaWords};
  std::string manifest, sources_file, catalogue, output;
  void add_to(Command& command);
};

// Compares Grafana with the manifest, and with Mode::apply changes it. `how.catalogue` comes from
// the options. Errors: usage for the manifest, no answer, a refused token.
Result<std::vector<provisioning::Item>> provision(Env& env, const GrafanaOptions& options,
                                                  provisioning::Options how);

// One row for each item.
void print_items(const std::vector<provisioning::Item>& items, term::Format format,
                 const Context& context);
// One row for each difference.
void print_differences(const std::vector<provisioning::Item>& items, term::Format format,
                       const Context& context);
// "socctl: KIND NAME: MESSAGE; HINT" for each failed item, on stderr.
void report_failures(const std::vector<provisioning::Item>& items);

// degraded if some failed, the first failure's own code if all did.
ExitCode code_of_failures(const std::vector<provisioning::Item>& items);

}  // namespace socbridge::socctl
