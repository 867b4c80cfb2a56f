// SPDX-License-Identifier: Apache-2.0
#include "reconcile/alert_files.h"

#include <catch2/catch.hpp>

#include "fixtures.h"

namespace socbridge::reconcile {
namespace {

using test::alert_line;
using test::at;
using test::TempDir;

std::vector<std::string> names(const TempDir& dir, const Window& window = {}) {
  const auto files = find_alert_files(Env::real(), dir / "", window);
  REQUIRE(files.ok());
  std::vector<std::string> out;
  for (const AlertFile& file : *files) out.push_back(file.path.substr((dir / "").size()));
  return out;
}

TEST_CASE("Wazuh's tree in the order of its days, the live file once", "[files]") {
  const TempDir dir;
  dir.gzip("2025/Feb/ossec-alerts-28.json.gz", alert_line(1));
  dir.gzip("2025/Mar/ossec-alerts-01.json.gz", alert_line(2));
  dir.write("2025/Mar/ossec-alerts-02-010.json", alert_line(6));
  dir.gzip("2025/Mar/ossec-alerts-02-002.json.gz", alert_line(5));
  dir.gzip("2025/Mar/ossec-alerts-02-001.json.gz", alert_line(4));
  dir.gzip("2025/Mar/ossec-alerts-02.json.gz", alert_line(3));
  dir.link("2025/Mar/ossec-alerts-02-010.json", "alerts.json");
  dir.write("2025/Mar/ossec-alerts-01.json.sum", "checksums");
  dir.write("2025/Mar/ossec-alerts-01.log", "text");
  dir.write("2025/Mar/ossec-archive-01.json", alert_line(7));
  dir.write("archives.json", alert_line(8));
  CHECK(names(dir) ==
        std::vector<std::string>{
            "2025/Feb/ossec-alerts-28.json.gz", "2025/Mar/ossec-alerts-01.json.gz",
            "2025/Mar/ossec-alerts-02.json.gz", "2025/Mar/ossec-alerts-02-001.json.gz",
            "2025/Mar/ossec-alerts-02-002.json.gz", "2025/Mar/ossec-alerts-02-010.json"});
  const auto files = find_alert_files(Env::real(), dir / "", {});
  CHECK(files->back().live);
  CHECK_FALSE(files->front().live);
}

TEST_CASE("an alerts.json without a day's file is read too", "[files]") {
  const TempDir dir;
  dir.gzip("2025/Mar/ossec-alerts-01.json.gz", alert_line(1));
  dir.write("alerts.json", alert_line(2));
  CHECK(names(dir) == std::vector<std::string>{"2025/Mar/ossec-alerts-01.json.gz", "alerts.json"});
}

TEST_CASE("while a day is being compressed the plain file is used", "[files]") {
  const TempDir dir;
  dir.write("2025/Mar/ossec-alerts-01.json", alert_line(1));
  dir.write("2025/Mar/ossec-alerts-01.json.gz", "\x1f\x8b half");
  CHECK(names(dir) == std::vector<std::string>{"2025/Mar/ossec-alerts-01.json"});
}

TEST_CASE("a day's file is chosen with a day of slack on both sides", "[files]") {
  const TempDir dir;
  for (int day = 10; day < 20; ++day) {
    dir.gzip("2025/Mar/ossec-alerts-" + std::to_string(day) + ".json.gz", alert_line(day));
  }
  Window window;
  window.since = at("2025-03-14T00:00:00Z");
  window.until = at("2025-03-15T00:00:00Z");
  // The local day 13 may reach 12 hours into it, and the local day 15 may begin before it ends.
  CHECK(names(dir, window) == std::vector<std::string>{"2025/Mar/ossec-alerts-13.json.gz",
                                                       "2025/Mar/ossec-alerts-14.json.gz",
                                                       "2025/Mar/ossec-alerts-15.json.gz"});
}

TEST_CASE("any other folder: its JSON files", "[files]") {
  const TempDir dir;
  dir.write("a.ndjson", alert_line(1));
  dir.gzip("b.jsonl.gz", alert_line(2));
  dir.write("c.json", alert_line(3));
  dir.write("notes.txt", "x");
  CHECK(names(dir).size() == 3);
}

TEST_CASE("missing files are reported", "[files]") {
  const TempDir dir;
  const auto missing = find_alert_files(Env::real(), dir / "nowhere", {});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.status().code() == ExitCode::bad_input);
  const auto empty = find_alert_files(Env::real(), dir / "", {});
  REQUIRE_FALSE(empty.ok());
  CHECK(empty.status().message().find("has no file of alerts") != std::string::npos);
  // Files there are, but none of that time: nothing to do is not an error.
  dir.gzip("2025/Mar/ossec-alerts-01.json.gz", alert_line(1));
  Window later;
  later.since = at("2025-06-01T00:00:00Z");
  CHECK(names(dir, later).empty());
}

TEST_CASE("unreadable files that may contain alerts are reported", "[files]") {
  const TempDir dir, elsewhere;
  dir.write("2025/Mar/ossec-alerts-01.json", alert_line(1));
  dir.write("2025/Mar/ossec-alerts-01.json.sum", "checksums");
  dir.write("2025/Mar/ossec-alerts-01.log.gz", "text");
  dir.write("2025/Mar/ossec-archive-01.json.xz", "events");
  std::vector<std::string> over;
  const auto look = [&] {
    over.clear();
    REQUIRE(find_alert_files(Env::real(), dir / "", {}, &over).ok());
    return over.size();
  };
  CHECK(look() == 0);
  dir.write("2025/Mar/ossec-alerts-02.json.zst", "x");
  CHECK(look() == 1);
  std::filesystem::create_symlink(elsewhere / "", dir / "2024");
  CHECK(look() == 2);
  std::filesystem::create_symlink("/nonexistent/x", dir / "2025/Mar/ossec-alerts-03.json");
  CHECK(look() == 3);
  dir.write("a/b/c/d/ossec-alerts-04.json", alert_line(4));
  CHECK(look() == 4);
}

}  // namespace
}  // namespace socbridge::reconcile
