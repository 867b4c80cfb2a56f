// SPDX-License-Identifier: Apache-2.0
#include "base/shell_word.h"

#include <catch2/catch.hpp>

using namespace socbridge;

TEST_CASE("a path in a command to copy is one word") {
  CHECK(shell_word("/var/ossec/etc/ossec.conf.before-w2thive") ==
        "/var/ossec/etc/ossec.conf.before-w2thive");
  CHECK(shell_word("/a b") == "'/a b'");
  CHECK(shell_word("/x'; id; '") == "'/x'\\''; id; '\\'''");
  CHECK(shell_word("/a\n$(id)").find('\n') == std::string::npos);
  CHECK(shell_word("") == "''");
}
