// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "socctl/indexer/source_options.h"

namespace socbridge::socctl {

// The alerts that `alert send` and `alert replay` send.
struct SendSource {
  std::vector<std::string> files;  // empty: standard input
  std::string from;                // indexer or indexer=URL; empty: the files
  std::string since, until;        // of the indexer, with its flags
  IndexerFlags indexer;
};

// The indexer of the source; empty for files. Errors (usage): those of indexer_options(), or no
// selection. Call it before enter_wazuh().
Result<std::optional<reconcile::IndexerOptions>> find_indexer(Env& env, const SendSource& source,
                                                              const std::string& config_file);

// Callbacks for the alerts.
struct AlertReader {
  std::function<bool()> stopped;  // no further document is requested
  std::function<void(std::string_view raw, const std::string& where)> take;
};

// Reads all alerts, until interrupted. Errors are printed. Returns the code of the last one, or
// `degraded` if parts of the indices are missing.
ExitCode read_alerts(Env& env, const SendSource& source,
                     std::optional<reconcile::IndexerOptions> indexer, const AlertReader& reader);

}  // namespace socbridge::socctl
