// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/text.h"
#include "base/time.h"
#include "support/temp_dir.h"

using namespace socbridge;

namespace {

// The lines without their times, which must be of the documented form.
std::vector<std::string> lines_of(const test::TempDir& folder) {
  std::vector<std::string> out;
  const std::string text = folder.read("log");
  CHECK((text.empty() || text.ends_with('\n')));
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    REQUIRE(line.size() > 25);
    CHECK(parse_timestamp(line.substr(0, 24)).has_value());
    out.emplace_back(line.substr(25));
  }
  return out;
}

}  // namespace

TEST_CASE("a line is appended to an existing file, a new file has mode 0640") {
  const test::TempDir folder;
  const mode_t umask = ::umask(0);
  CHECK(append_log_line(Env::real(), folder / "log", "w2thive", "WARNING", "one").ok());
  ::umask(umask);
  CHECK(append_log_line(Env::real(), folder / "log", "socctl", "ERROR", "two").ok());
  CHECK(lines_of(folder) == std::vector<std::string>{"w2thive WARNING: one", "socctl ERROR: two"});
  struct stat info {};
  REQUIRE(::stat((folder / "log").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0640);
}

TEST_CASE("a text stays on its line, whatever its content, and is truncated") {
  const test::TempDir folder;
  CHECK(append_log_line(Env::real(), folder / "log", "p", "L", "a\nb\r\x1b[31m").ok());
  CHECK(append_log_line(Env::real(), folder / "log", "p", "L", std::string(5000, 'x')).ok());
  const auto lines = lines_of(folder);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find_first_of("\r\x1b") == std::string::npos);
  CHECK_THAT(lines[0], Catch::StartsWith("p L: a") && Catch::Contains("b"));
  CHECK(std::count(lines[1].begin(), lines[1].end(), 'x') <= 2000);
}

TEST_CASE("a log that cannot be written is reported") {
  const test::TempDir folder;
  CHECK_FALSE(append_log_line(Env::real(), folder / "no/log", "p", "L", "t").ok());
}
