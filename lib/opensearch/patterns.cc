// SPDX-License-Identifier: Apache-2.0
#include "opensearch/patterns.h"

#include "base/text.h"

namespace socbridge::opensearch {
namespace {

bool may_stand(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
         c == '*' || c == ',' || c == '+' || c == ':';
}

}  // namespace

bool fits(std::string_view pattern, std::string_view name) {
  bool found = false;
  for (const std::string_view one : split(pattern, ',')) {
    if (one.starts_with('-')) {
      if (glob_matches(one.substr(1), name)) return false;
    } else {
      found = found || glob_matches(one, name);
    }
  }
  return found;
}

Status check_pattern(std::string_view pattern) {
  const auto wrong = [&](const std::string& why) {
    return Status::error(ExitCode::usage,
                         "\"" + printable(pattern, 60) + "\" is not a valid index pattern: " + why,
                         "write it as wazuh-alerts-4.x-* or siem-alerts-*,old-alerts-*");
  };
  if (pattern.empty()) return wrong("it is empty");
  for (const char c : pattern) {
    if (!may_stand(c))
      return wrong("\"" + printable(std::string(1, c)) + "\" is not allowed in an index name");
  }
  for (const std::string_view one : split(pattern, ',')) {
    if (one.empty()) return wrong("a name between two commas is empty");
    if (one == "*" || one == "_all") return wrong("it matches every index of the cluster");
  }
  if (pattern.starts_with('-')) return wrong("the first name excludes indices");
  return {};
}

}  // namespace socbridge::opensearch
