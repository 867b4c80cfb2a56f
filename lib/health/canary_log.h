// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"
#include "health/canary_stage.h"

namespace socbridge::health {

// The canary as a log line, passed to the local manager's analysisd like by Wazuh's own
// integrations (docs/protocols/wazuh.md, "Queue socket"), and the alert that analysisd makes of it.
// Needs examples/wazuh/canary-rules.xml in etc/rules.
class CanaryLog {
 public:
  CanaryLog(Env& env, const std::string& home, const std::string& nonce,
            const std::string& address);

  enum class Possible {
    yes,
    no_socket,  // no running local manager, or one before 4.2
    no_rule,    // analysisd would not make an alert of it
  };
  Possible possible() const;

  // Sends the line without waiting; a full queue is an error.
  Stage write();
  // The line's alert, once it is in alerts.json. Continues after the last call, at most 4 MiB per
  // call.
  Result<std::optional<std::string>> look();

  // Whether a raw alert is from this line.
  bool is_mine(std::string_view raw) const;

 private:
  bool has_rule() const;
  std::string alerts_file() const { return home_ + "/logs/alerts/alerts.json"; }

  Env& env_;
  std::string home_, marker_, line_;
  std::uint64_t inode_ = 0, read_to_ = 0;  // of alerts.json
  std::string rest_;                       // an incomplete line
};

}  // namespace socbridge::health
