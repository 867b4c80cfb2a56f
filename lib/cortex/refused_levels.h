// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::cortex {

// "TLP is higher than allowed." and the same of PAP: an analyzer's own refusal, which comes as a
// failed job. Cortex lists analyzers without these limits.
bool is_level_refusal(std::string_view error_message);

// What analyzers refused because of its TLP or PAP, so that the next job is not spent on the same
// answer. Kept in the quota's folder and shared by all processes of this machine, each line written
// at once:
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
  // Nothing is known if the file cannot be read.
  Limits limits(const std::string& key, UnixMillis now);

  // Notes how a finished job with these levels ended, if that is a change; -1: the level is not
  // known. Errors: failure, the file cannot be written.
  Status learn(const std::string& key, std::string_view error_message, int tlp, int pap,
               UnixMillis now);

 private:
  Status append(const std::string& key, const std::string& line);
  Env& env_;
  std::string folder_;
};

}  // namespace socbridge::cortex
