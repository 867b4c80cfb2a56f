// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.h"
#include "profile/profile.h"
#include "reconcile/alert_files.h"
#include "reconcile/indexer_source.h"
#include "socctl/common/command_line.h"

namespace socbridge::socctl {

// Whether a --from is `indexer` or `indexer=URL`.
bool is_indexer(std::string_view from);

// Filters of alerts in the indexer: --index, --query, --rule, --agent, --level; commands with names
// of alerts fill in `ids`.
struct IndexerFlags {
  std::string index, query;
  std::vector<std::string> rules, agents, ids;
  int level = 0;

  void add_to(Command& command);
  // The first given option, such as "--query"; empty if none was.
  std::string given() const;
};

// How to read the alerts of a window from the indexer. `from` is that of is_indexer(); flags have
// the configuration file. Errors (usage): not configured, an invalid pattern. Call it before
// enter_wazuh(), and pass the files of certificate_files() to that.
Result<reconcile::IndexerOptions> indexer_options(Env& env, std::string_view from,
                                                  const IndexerFlags& flags,
                                                  const std::string& config_file,
                                                  const reconcile::Window& window);
// The id of an alert in a name: a reference (its id, a hyphen, 16 hex digits) or the id itself.
std::string alert_id_of(const std::string& name);
std::vector<std::string> certificate_files(const reconcile::IndexerOptions& options);

// "2/4": the third of four parts. Empty if the text is not a slice.
std::optional<std::pair<int, int>> parse_slice(std::string_view text);

// --since and --until, relative to now. Usage if they are not times or in the wrong order.
Result<reconcile::Window> read_window(const std::string& since, const std::string& until);
// The part `slice` ("2/4") of the window; all parts have equal lengths. Usage also if `slice` is
// invalid, or a time depends on the current time ("24h"), so that processes would use different
// windows.
Result<reconcile::Window> read_window(const std::string& since, const std::string& until,
                                      const std::string& slice);

}  // namespace socbridge::socctl
