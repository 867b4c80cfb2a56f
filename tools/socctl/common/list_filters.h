// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "socctl/common/command_line.h"
#include "thehive/alert.h"

namespace socbridge::socctl {

// Options that narrow a list of alerts or cases.
struct ListFilters {
  std::vector<std::string> statuses, tags;
  std::string severity, assignee, since;
  std::int64_t limit = 50;
  bool open = false;

  void add_to(Command& command, const char* things);
  enum class Of { alerts, cases };
  // As filters of TheHive's query language. Version 4 has no stages, and its alerts have neither
  // status nor assignee: there a status is derived from other fields. Errors (usage): a value that
  // is none, or that this version cannot have.
  Result<std::vector<std::string>> filters(Of what, thehive::ApiVersion version,
                                           UnixMillis now) const;

 private:
  Status add_state(Of what, thehive::ApiVersion version, std::vector<std::string>& out) const;
};

}  // namespace socbridge::socctl
