// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/time.h"
#include "delivery/breaker_guard.h"
#include "delivery/deliver.h"
#include "integration/settings.h"

namespace socbridge::delivery {

// relay::Level ("ERROR", "WARNING", "INFO") and text of a line for the log.
using LogLine = std::function<void(std::string_view level, const std::string& text)>;

// Delivers claimed entries one after the other, asking the destination first and telling it
// afterwards. What everybody should know (left alone, key refused, back again, set aside, sent with
// parts left out) is logged once, by the one who found out.
class BlockingDelivery {
 public:
  BlockingDelivery(Env& env, spool::Spool& spool, http::Client& http,
                   const integration::Settings& settings, LogLine log);

  // Empty: not tried, since the destination is to be left alone (held_why()); the entry stays as it
  // was.
  std::optional<Report> carry(spool::Claim claim, std::string_view raw_alert,
                              UnixMillis accepted_ms, const Deadline& deadline,
                              const wazuh::Alert* alert = nullptr);

  // For an alert that is in no spool.
  std::optional<Attempt> carry_unstored(const wazuh::Alert& alert, const Deadline& deadline);

  const std::string& held_why() const { return entrance_.why(); }
  // Others were finding out whether the destination answers until the deadline.
  bool waited_in_vain() const { return entrance_.waited_in_vain(); }

 private:
  void tell(const Attempt& attempt);
  void log_fate(const Report& report);

  Env& env_;
  spool::Spool& spool_;
  http::Client& http_;
  const integration::Settings& settings_;
  LogLine log_;
  BreakerGuard entrance_;
  ServerVersionCache versions_;
};

// Delivers up to drain_max waiting entries, as long as `deadline` allows and the destination takes
// them. `own`: the settings of this process, for entries of the same block as `like` (integration,
// hook_url, options); for others they are looked up (integration::Accounts) below `home`, and only
// if that fails the own ones do for those of the same URL. Returns how many are in TheHive.
int drain(Env& env, spool::Spool& spool, http::Client& http, const integration::Settings& own,
          const spool::Entry& like, const std::string& home, const Deadline& deadline,
          const LogLine& log);

}  // namespace socbridge::delivery
