// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/time.h"
#include "cortex/analyzer.h"

namespace socbridge::cortex {

// How many jobs may be started in any window of that length.
struct Limit {
  std::int64_t count = 0;  // 0: no limit
  std::int64_t window_ms = 0;
  std::string unit;    // "Day"
  std::string origin;  // "Cortex", "default", "--quota": for people
  bool exists() const { return count > 0 && window_ms > 0; }
  std::string text() const;  // "500/day"
};

// `500/day`, `4/minute`, `none`. Error: usage.
Result<Limit> parse_limit(std::string_view text, std::string origin);

// `NAME=N/UNIT`
struct LimitRule {
  std::string analyzer;
  Limit limit;
};
Result<LimitRule> parse_limit_rule(std::string_view text, std::string origin);

// The limit of an analyzer: the last rule that names it, else Cortex's own rate, else the daily
// limits of free keys of VirusTotal (500) and AbuseIPDB (1000).
Limit limit_of(const Analyzer& analyzer, const std::vector<LimitRule>& rules);

// Counts the started jobs, per analyzer, for all processes of this machine that share the folder. A
// grant is on stable storage before reserve() returns, so that a crash can only leave too many
// counted jobs, never too few. The window is rolling, like Cortex's: no calendar day can exceed a
// day's limit.
//   FOLDER/KEY.quota  lines `UNIX_MS COUNT`; a negative count returns units reserved at that time
//   FOLDER/KEY.lock   flock
class Ledger {
 public:
  // The folder is created on first use.
  Ledger(Env& env, std::string folder) : env_(env), folder_(std::move(folder)) {}

  // A name for one analyzer of one Cortex, as a file name.
  static std::string key(std::string_view cortex_url, const Analyzer& analyzer);

  struct Grant {
    std::int64_t count = 0;  // of the requested
    UnixMillis at = 0;       // for give_back()
  };
  // Grants at most `wanted`, as far as the limit allows. `used_elsewhere`: jobs in the window that
  // other clients started; they count too.
  Result<Grant> reserve(const std::string& key, const Limit& limit, std::int64_t wanted,
                        std::int64_t used_elsewhere, UnixMillis now);
  // Returns reserved units that were not used: answers from the cache, refusals.
  Status give_back(const std::string& key, UnixMillis reserved_at, std::int64_t count);

  // Records a job that this machine deleted: Cortex no longer lists it, but counts it until it
  // leaves the window. FOLDER/KEY.deleted, in the form of the quota file.
  Status note_deleted(const std::string& key, UnixMillis created);
  // The number of deleted jobs in the window.
  Result<std::int64_t> deleted(const std::string& key, const Limit& limit, UnixMillis now);

  struct Usage {
    std::int64_t used = 0, left = 0;
    UnixMillis next_free = 0;  // when the oldest counted job leaves the window; 0: none counted
  };
  Result<Usage> usage(const std::string& key, const Limit& limit, UnixMillis now);

 private:
  struct Entry {
    UnixMillis at;
    std::int64_t count;
  };
  Result<Fd> lock(const std::string& key);
  Result<std::vector<Entry>> read(const std::string& file, bool& torn);
  Status append(const std::string& file, const std::string& line);
  Status rewrite(const std::string& key, const std::vector<Entry>& entries);
  std::string path(const std::string& key, const char* ending) const {
    return folder_ + "/" + key + ending;
  }

  Env& env_;
  std::string folder_;
};

}  // namespace socbridge::cortex
