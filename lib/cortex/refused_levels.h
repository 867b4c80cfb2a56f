// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::cortex {

// "TLP is higher than allowed.", and the same for PAP: an analyzer's own refusal, reported as a
// failed job. Cortex lists analyzers without these limits.
bool is_level_refusal(std::string_view error_message);

// Jobs that analyzers refused because of TLP or PAP, so that no further job is spent on them.
// Stored in the quota's folder, shared by all processes of this machine. Each line is written at
// once:
//   FOLDER/KEY.levels  lines `UNIX_MS tlp|pap LEVEL refused|taken`
// A refusal counts for a day, since an administrator may raise the limit. Levels are Cortex's, 0 to
// 3. `key` is Ledger::key().
class RefusedLevels {
 public:
  static constexpr std::int64_t kCountsMs = 24 * 3600 * std::int64_t{1000};

  RefusedLevels(Env& env, std::string folder) : env_(env), folder_(std::move(folder)) {}

  // The highest levels that were not refused; -1: none was refused.
  struct Limits {
    int max_tlp = -1, max_pap = -1;
    bool allow(int tlp, int pap) const {
      return (max_tlp < 0 || tlp <= max_tlp) && (max_pap < 0 || pap <= max_pap);
    }
    // "TLP 3 was refused as higher than allowed"; empty if they are allowed.
    std::string why_not(int tlp, int pap) const;
  };
  // Empty if the file cannot be read.
  Limits limits(const std::string& key, UnixMillis now);

  // Records how a finished job with these levels ended, if that is a change; -1: the level is
  // unknown. Error: failure if the file cannot be written.
  Status learn(const std::string& key, std::string_view error_message, int tlp, int pap,
               UnixMillis now);

 private:
  Status append(const std::string& key, const std::string& line);
  Env& env_;
  std::string folder_;
};

}  // namespace socbridge::cortex
