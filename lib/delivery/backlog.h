// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// Finds due entries of queue/ for a process with little time. Only one process reads the folder, at
// most every 5 s (or retry.min_ms if that is less), and writes its result to `state/due`: up to 256
// due ids, half of them the oldest, half a random sample, so that old entries that keep failing do
// not hide others. All processes take from that list; claims ensure that no entry is taken twice. A
// relay reads the folder itself.
class Backlog {
 public:
  Backlog(Env& env, spool::Spool& spool, const integration::RetryPolicy& policy);

  // A claimed entry that is due; empty: none is known.
  std::optional<spool::Claim> next(UnixMillis now_ms);

  // Whether next() would read the folder instead of the list.
  bool list_is_old(UnixMillis now_ms) const { return is_old(read(), now_ms); }

 private:
  struct List {
    UnixMillis made_ms = 0;
    std::vector<std::string> ids;
  };
  std::optional<List> read() const;
  bool is_old(const std::optional<List>& list, UnixMillis now_ms) const;
  void scan(UnixMillis now_ms);

  Env& env_;
  spool::Spool& spool_;
  integration::RetryPolicy policy_;
  std::string path_;
  bool loaded_ = false;
  std::vector<std::string> ids_;  // not yet tried, taken from the back
};

}  // namespace socbridge::delivery
