// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "socctl/common/command.h"
#include "socctl/indexer/source_options.h"

namespace socbridge::socctl {

// Which alerts of the indexer are shown, and how.
struct SearchOptions {
  std::string from = "indexer", since, until, profile, output;
  IndexerFlags indexer;
  std::size_t limit = 50;
};

// The newest of them as a table; programs get whole alerts.
ExitCode search_indexer(const SearchOptions& options, Context& context);
// Whole ones by name (id, reference, id of the document), as YAML if no format is given. Refused if
// there is none.
ExitCode show_indexed(Context& context, SearchOptions options);

}  // namespace socbridge::socctl
