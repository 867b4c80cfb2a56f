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

// Which alerts of the indexer are wanted: --index, --query, --rule, --agent, --level; `ids` are
// filled by commands that have them.
struct IndexerFlags {
  std::string index, query;
  std::vector<std::string> rules, agents, ids;
  int level = 0;

  void add_to(Command& command);
  // The first of them that was given, such as "--query"; empty if none.
  std::string given() const;
};

// How to read the alerts of a window from the indexer. `from` is that of is_indexer(); flags name
// the configuration file. Errors (usage): not configured, a pattern that is none. Call it before
// enter_wazuh(), and give that the files of certificate_files().
Result<reconcile::IndexerOptions> indexer_options(Env& env, std::string_view from,
                                                  const IndexerFlags& flags,
                                                  const std::string& config_file,
                                                  const reconcile::Window& window);
// The id of an alert in what names it: a reference (its id, a hyphen, 16 hex digits) or the id.
std::string alert_id_of(const std::string& name);
std::vector<std::string> certificate_files(const reconcile::IndexerOptions& options);

// "2/4": the third of four parts. Empty if it is no such text.
std::optional<std::pair<int, int>> parse_slice(std::string_view text);

// --since and --until, against the present. Usage if they are no times or the wrong way round.
Result<reconcile::Window> read_window(const std::string& since, const std::string& until);
// The part `slice` ("2/4") of it, all parts being equally long. Usage too if it is no such text, or
// the two times are not the same for all who share them ("24h").
Result<reconcile::Window> read_window(const std::string& since, const std::string& until,
                                      const std::string& slice);

}  // namespace socbridge::socctl
