// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// Finds due entries of queue/ for a process that has little time. The folder is read at most every
// 5 s (or retry.min_ms if that is less) and by one process, which leaves what it found in
// `state/due`: up to 256 due ids, half of them the oldest, half taken at random, so that old ones
// that fail again and again hide nothing. All others take from that list; the claims ensure that no
// entry is taken twice. A relay, which has the time, reads the folder itself.
class Backlog {
 public:
  Backlog(Env& env, spool::Spool& spool, const integration::RetryPolicy& policy);

  // A claimed entry that is due, or empty: none is known.
  std::optional<spool::Claim> next(UnixMillis now_ms);

  // True if next() would read the folder, not the list.
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
  std::vector<std::string> ids_;  // still to be tried, from the back
};

}  // namespace socbridge::delivery
