// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "reconcile/alert_files.h"
#include "reconcile/alert_source.h"
#include "socctl/indexer/source_options.h"

namespace socbridge::socctl {

// The sources of alerts: each --from, files or the indexer.
struct Inputs {
  std::vector<std::string> from;
  std::vector<std::optional<reconcile::IndexerOptions>> indexers;  // one per source; empty: files

  // Files of the command line, and those for the connection to an indexer.
  std::vector<std::string> files() const;
  // The name of the source that a cursor belongs to.
  std::string name() const { return from.front(); }
};

struct InputOptions {
  const std::vector<std::string>& from;
  const IndexerFlags& flags;
  const std::string& config_file;
  const reconcile::Window& window;
  bool has_cursor = false;
};

// Reads the configuration of the sources; sends no requests. Errors (usage): an option that a
// source does not support, an indexer that is not configured, a cursor with several sources.
Result<Inputs> find_inputs(Env& env, const InputOptions& options);

// Opens them. `resume` and `resume_ms` are from a cursor. Errors: those of the sources.
Result<std::unique_ptr<reconcile::AlertSource>> open_inputs(Env& env, Inputs inputs,
                                                            const reconcile::Window& window,
                                                            json::Value resume,
                                                            UnixMillis resume_ms);

}  // namespace socbridge::socctl
