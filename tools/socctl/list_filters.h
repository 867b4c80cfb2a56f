#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"

namespace socbridge::socctl {

// Options that narrow a list of alerts or cases.
struct ListFilters {
  std::vector<std::string> statuses, tags;
  std::string severity, assignee, since;
  std::int64_t limit = 50;
  bool open = false;

  void add_to(CLI::App& command, const char* things);
  // As filters of TheHive's query language; `date_field` is what --since is compared with.
  Result<std::vector<std::string>> filters(std::string_view date_field, UnixMillis now) const;
};

}  // namespace socbridge::socctl
