// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/env.h"
#include "queue/entries.h"
#include "socctl/common/command_line.h"
#include "socctl/common/spool_options.h"

namespace socbridge::socctl {

// The filters of every verb of `queue`, and the spool.
struct QueueFlags {
  SpoolOptions spool;
  std::vector<std::string> states, kinds, rules, agents, destinations;
  std::string older_than, newer_than;
  bool due = false;

  void add_to(Command& command);
  Result<queue::QueueFilter> filter() const;
};

// Ids as arguments, `-` for standard input (one per line, or JSON Lines with an `id`), or filters,
// or all entries with `--all`.
struct QueueTargets {
  QueueFlags flags;
  std::vector<std::string> ids;
  bool all = false;

  // What is selected without ids and filters: nothing, but there is `--all`; or everything.
  enum class Default { nothing, everything };
  void add_to(Command& command, Default without_any);
  bool named() const { return !ids.empty(); }

  // Calls `visit` for each selected entry, and `on_unknown` for unknown ids. Usage error if nothing
  // is selected.
  Status for_each(Env& env, spool::Spool& spool, queue::QueueReader::Facts facts,
                  const std::function<void(const queue::QueueEntry&)>& visit,
                  const std::function<void(const std::string&)>& on_unknown) const;

 private:
  bool all_by_default_ = false;
};

// "3m ago", "in 2 h", "now".
std::string relative_time(UnixMillis at_ms, UnixMillis now_ms);

}  // namespace socbridge::socctl
