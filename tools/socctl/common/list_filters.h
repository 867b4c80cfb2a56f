// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "socctl/common/command_line.h"
#include "thehive/alert.h"

namespace socbridge::socctl {

// Filter options for lists of alerts or cases.
struct ListFilters {
  std::vector<std::string> statuses, tags;
  std::string severity, assignee, since;
  std::int64_t limit = 50;
  bool open = false;

  void add_to(Command& command, const char* things);
  enum class Of { alerts, cases };
  // The options as filters of TheHive's query language. Version 4 has no stages, and its alerts
  // have neither status nor assignee, so the status is derived from other fields. Errors (usage):
  // an invalid value, or one that this version does not support.
  Result<std::vector<std::string>> filters(Of what, thehive::ApiVersion version,
                                           UnixMillis now) const;

 private:
  Status add_state(Of what, thehive::ApiVersion version, std::vector<std::string>& out) const;
};

}  // namespace socbridge::socctl
