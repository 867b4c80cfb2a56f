// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "socctl/common/command.h"
#include "socctl/indexer/source_options.h"

namespace socbridge::socctl {

// Which alerts of the indexer to show, and how.
struct SearchOptions {
  std::string from = "indexer", since, until, profile, output;
  IndexerFlags indexer;
  std::size_t limit = 50;
};

// Shows the newest ones as a table, or complete alerts for programs.
ExitCode search_indexer(const SearchOptions& options, Context& context);
// Shows complete alerts by name (id, reference, document id), as YAML if no format is given.
// Refused if there is none.
ExitCode show_indexed(Context& context, SearchOptions options);

}  // namespace socbridge::socctl
