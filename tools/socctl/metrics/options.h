// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "integration/settings_lookup.h"
#include "metrics/exporter.h"
#include "socctl/common/command.h"
#include "socctl/common/spool_options.h"

namespace socbridge::socctl {

// Verbs of `metrics`, one file each.
void add_metrics_write(Command& metrics, Chosen& chosen);
void add_metrics_serve(Command& metrics, Chosen& chosen);
void add_metrics_list(Command& metrics, Chosen& chosen);

// Options shared by the verbs that poll products: --profile, --timeout, and the spool.
struct MetricsOptions {
  std::string profile, timeout = "10s";
  SpoolOptions spool;
  void add_to(Command& command);
};

// The configured products, and the spool if there is one.
struct MetricsSources {
  metrics::Sources sources;
  std::int64_t timeout_ms = 0;

  std::optional<OpenSpool> spool;  // what sources.queue reads
  std::unique_ptr<integration::SettingsLookup> accounts;
};

// Resolves endpoints and keys with the caller's rights and then, as root, switches to the user of
// the Wazuh home; `output` is still replaced as root. A missing spool is an error only if it is
// named. Usage: nothing is configured, or the configuration cannot be used. Call it before threads
// are started.
Result<std::unique_ptr<MetricsSources>> find_metrics_sources(Env& env,
                                                             const MetricsOptions& options,
                                                             const std::string& output = {});

// A duration of the command line, over 0 and at most a day. Error: usage.
Result<std::int64_t> metrics_duration(const char* option, const std::string& text);

// Warns "thehive: MESSAGE" for each failed product.
void warn_of_failures(const metrics::Snapshot& snapshot);

}  // namespace socbridge::socctl
