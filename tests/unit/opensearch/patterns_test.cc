// SPDX-License-Identifier: Apache-2.0
#include "opensearch/patterns.h"

#include <catch2/catch.hpp>

namespace socbridge::opensearch {

TEST_CASE("the indices that a pattern matches") {
  struct Row {
    const char* pattern;
    const char* name;
    bool fits;
  };
  const Row rows[] = {
      {"wazuh-alerts-4.x-*", "wazuh-alerts-4.x-2026.01.31", true},
      {"wazuh-alerts-4.x-*", "wazuh-archives-4.x-2026.01.31", false},
      {"wazuh-alerts-4.x-*", "wazuh-alerts-4.x-", true},
      {"*-alerts-*", "siem-alerts-2026", true},
      {"*-alerts-*-b", "x-alerts-a-c-b", true},
      {"*-alerts-*-b", "x-alerts-a-c", false},
      {"one,two-*", "two-3", true},
      {"one,two-*", "on", false},
      {"two-*,-two-old*", "two-old-1", false},
      {"two-*,-two-old*", "two-new-1", true},
      {"exact", "exact", true},
      {"exact", "exact1", false},
  };
  for (const Row& row : rows) {
    INFO(row.pattern << " " << row.name);
    CHECK(fits(row.pattern, row.name) == row.fits);
  }
}

TEST_CASE("patterns that a request may hold") {
  for (const char* good : {"wazuh-alerts-4.x-*", "a,b-*,-b-old", "cluster:wazuh-*"}) {
    INFO(good);
    CHECK(check_pattern(good).ok());
  }
  for (const char* bad : {"", "*", "_all", "a,,b", "a/b", "a?b", "A", "a b", "a#", "-a", "a,*"}) {
    INFO(bad);
    CHECK(check_pattern(bad).code() == ExitCode::usage);
    CHECK(!check_pattern(bad).hint().empty());
  }
}

}  // namespace socbridge::opensearch
