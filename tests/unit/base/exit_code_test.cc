// SPDX-License-Identifier: Apache-2.0
#include "base/exit_code.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace socbridge;

TEST_CASE("each code has a distinct name and a meaning; 127 is not used") {
  std::set<std::string> names;
  int known = 0;
  for (int code = 0; code < 256; ++code) {
    const std::string name = exit_code_name(static_cast<ExitCode>(code));
    const bool is_code = name != "unknown";
    CHECK(is_code == !std::string(exit_code_meaning(static_cast<ExitCode>(code))).empty());
    if (!is_code) continue;
    ++known;
    CHECK(names.insert(name).second);
  }
  CHECK(known == 9);
  CHECK(std::string(exit_code_name(static_cast<ExitCode>(127))) == "unknown");
}
