// SPDX-License-Identifier: Apache-2.0
#include "base/shell_word.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "support/skip.h"
#include "support/temp_dir.h"

using namespace socbridge;

TEST_CASE("a path in a command to copy is one word") {
  CHECK(shell_word("/var/ossec/etc/ossec.conf.before-w2thive") ==
        "/var/ossec/etc/ossec.conf.before-w2thive");
  CHECK(shell_word("/a b") == "'/a b'");
  CHECK(shell_word("/x'; id; '") == "'/x'\\''; id; '\\'''");
  CHECK(shell_word("/a\n$(id)").find('\n') == std::string::npos);
  CHECK(shell_word("/\xc3\xbc") == "'/\xc3\xbc'");
  CHECK(shell_word("") == "''");
}

TEST_CASE("characters that a terminal must not get are escaped reversibly") {
  CHECK(shell_word("/a\nb\tc") == "$'/a\\nb\\tc'");
  CHECK(shell_word("/it's \\ \x1b[2J") == "$'/it\\'s \\\\ \\x1b[2J'");
  CHECK(shell_word("/\xff\xc3\xbc"
                   "1") ==
        "$'/\\xff\xc3\xbc"
        "1'");
  CHECK(shell_word("/\xe2\x80\xae"
                   "a") ==
        "$'/\\xe2\\x80\\xae"
        "a'");  // U+202E
  CHECK(shell_word("/it's \\") == "'/it'\\''s \\'");
}

TEST_CASE("shell word: a long path is not truncated") {
  const std::string path = "/" + std::string(3000, 'd');
  CHECK(shell_word(path) == path);
  CHECK(shell_word(path + " ") == "'" + path + " '");
}

TEST_CASE("a shell reads each word as the bytes that it stands for") {
  if (::system("bash -c : >/dev/null 2>&1") != 0) SKIP_TEST("needs bash");
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const std::string& text : {all, all + "\n",
                                  std::string("\xff\x01"
                                              "ab"),
                                  std::string("'")}) {
    const test::TempDir dir;
    const std::string command = "printf %s " + shell_word(text) + " >" + (dir / "out");
    dir.write("script", command);
    REQUIRE(::system(("bash " + (dir / "script")).c_str()) == 0);
    CHECK((dir.read("out") == text));
  }
}
