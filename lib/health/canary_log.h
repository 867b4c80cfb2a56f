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

// The canary as a line of a log, handed to analysisd of the manager here as Wazuh's own
// integrations hand over theirs (docs/protocols/wazuh.md, "Queue socket"), and the alert that
// analysisd makes of it. Needs examples/wazuh/canary-rules.xml in etc/rules.
class CanaryLog {
 public:
  CanaryLog(Env& env, const std::string& home, const std::string& nonce,
            const std::string& address);

  enum class Possible {
    yes,
    no_socket,  // no manager that runs here, or one before 4.2
    no_rule,    // analysisd would make no alert of it
  };
  Possible possible() const;

  // Sends the line. Waits for nothing; a full queue is an error.
  Stage write();
  // The line's alert, once it is in alerts.json. Reads on from the last call, at most 4 MiB each.
  Result<std::optional<std::string>> look();

  // Whether a raw alert is that of this line.
  bool is_mine(std::string_view raw) const;

 private:
  bool has_rule() const;
  std::string alerts_file() const { return home_ + "/logs/alerts/alerts.json"; }

  Env& env_;
  std::string home_, marker_, line_;
  std::uint64_t inode_ = 0, read_to_ = 0;  // of alerts.json
  std::string rest_;                       // a line that is not complete yet
};

}  // namespace socbridge::health
