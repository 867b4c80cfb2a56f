// SPDX-License-Identifier: Apache-2.0
#include "reconcile/file_source.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "fixtures.h"
#include "wazuh/alert.h"
#include "wazuh/alert_stream.h"

namespace socbridge::reconcile {
namespace {

using test::alert_line;
using test::at;
using test::TempDir;

struct Pass {
  std::vector<std::string> ids;
  std::string position;
  Unread unread;
};

Pass read(const std::string& from, const std::string& position = {}, UnixMillis time = 0,
          std::size_t most = SIZE_MAX, const Window& window = {}) {
  json::Document document;
  if (!position.empty()) {
    auto parsed = json::Document::parse(position);
    document = std::move(*parsed);
  }
  auto source = FileSource::open(Env::real(), from, window, document.root(), time);
  REQUIRE(source.ok());
  Pass pass;
  SourceAlert read;
  while (pass.ids.size() < most) {
    const auto more = source->next(read);
    REQUIRE(more.ok());
    if (!*more) break;
    const auto alert = wazuh::Alert::parse(read.raw);
    pass.ids.push_back(alert.ok() ? alert->id.substr(alert->id.find('.') + 1) : "bad");
  }
  pass.position = source->position_after();
  pass.unread = source->unread();
  return pass;
}

using Ids = std::vector<std::string>;

TEST_CASE("an incomplete last line of the live file waits for the next run", "[source]") {
  const TempDir dir;
  const std::string second = alert_line(2);
  const std::string path = dir.write("alerts.json", alert_line(1) + second.substr(0, 30));
  const Pass first = read(path);
  CHECK(first.ids == Ids{"1"});
  dir.write("alerts.json", alert_line(1) + second + alert_line(3));
  const Pass next = read(path, first.position);
  CHECK(next.ids == Ids{"2", "3"});
}

TEST_CASE("a complete last line without a line break is an alert", "[source]") {
  const TempDir dir;
  std::string text = alert_line(1) + alert_line(2);
  text.pop_back();
  CHECK(read(dir.write("a.ndjson", text)).ids == Ids{"1", "2"});
}

TEST_CASE("the position survives midnight: new name, then compressed", "[source]") {
  const TempDir dir;
  const std::string day = "2025/Mar/ossec-alerts-14.json";
  dir.write(day, alert_line(1) + alert_line(2) + alert_line(3));
  dir.link(day, "alerts.json");
  const Pass before = read(dir / "", {}, 0, 2);
  CHECK(before.ids == Ids{"1", "2"});
  // Rotation: the day keeps its file, alerts.json becomes another one.
  std::filesystem::remove(dir / "alerts.json");
  dir.write("2025/Mar/ossec-alerts-15.json", alert_line(4));
  dir.link("2025/Mar/ossec-alerts-15.json", "alerts.json");
  CHECK(read(dir / "", before.position).ids == Ids{"3", "4"});
  std::filesystem::remove(dir / day);
  dir.gzip(day + ".gz", alert_line(1) + alert_line(2) + alert_line(3));
  CHECK(read(dir / "", before.position).ids == Ids{"3", "4"});
}

TEST_CASE("a position whose file no longer exists falls back to its time", "[source]") {
  const TempDir dir;
  for (int day = 10; day < 20; ++day) {
    dir.gzip("2025/Mar/ossec-alerts-" + std::to_string(day) + ".json.gz", alert_line(day));
  }
  const Pass pass = read(dir / "", R"({"path":"/gone","device":1,"inode":2,"offset":900})",
                         at("2025-03-18T12:00:00Z"));
  CHECK(pass.ids == Ids{"16", "17", "18", "19"});
}

TEST_CASE("a reused inode is not treated as the old file", "[source]") {
  const TempDir dir;
  const std::string day = "2025/Mar/ossec-alerts-14.json";
  dir.write(day, alert_line(1) + alert_line(2));
  const Pass before = read(dir / "");
  dir.gzip(day + ".gz", alert_line(1) + alert_line(2) + alert_line(3));
  // The same file on disk, now with another day's alerts in it.
  std::filesystem::rename(dir / day, dir / "2025/Mar/ossec-alerts-15.json");
  dir.write("2025/Mar/ossec-alerts-15.json", alert_line(4) + alert_line(5));
  CHECK(read(dir / "", before.position).ids == Ids{"3", "4", "5"});
}

TEST_CASE("a file that shrank is read from its start", "[source]") {
  const TempDir dir;
  const std::string path = dir.write("alerts.json", alert_line(1) + alert_line(2));
  const Pass first = read(path);
  std::filesystem::resize_file(path, alert_line(1).size());
  CHECK(read(path, first.position).ids == Ids{"1"});
}

TEST_CASE("lines that are too long are counted, not read", "[source]") {
  const TempDir dir;
  const std::string monster(wazuh::kMaxAlertLine + 1, 'x');
  const Pass pass = read(dir.write("alerts.json", alert_line(1) + monster + "\n" + alert_line(2)));
  CHECK(pass.ids == Ids{"1", "2"});
  CHECK(pass.unread.too_long == 1);
}

TEST_CASE("one unreadable file does not hide the others", "[source]") {
  const TempDir dir;
  dir.gzip("2025/Mar/ossec-alerts-01.json.gz", alert_line(1));
  dir.write("2025/Mar/ossec-alerts-02.json.gz", "\x1f\x8b\x08 broken");
  dir.write("2025/Mar/ossec-alerts-03.json", alert_line(3));
  const Pass pass = read(dir / "");
  CHECK(pass.ids == Ids{"1", "3"});
  REQUIRE(pass.unread.failures.size() == 1);
  CHECK(pass.unread.failures[0].find("ossec-alerts-02.json.gz") != std::string::npos);
}

TEST_CASE("arrays and answers of the indexer are unpacked", "[source]") {
  const TempDir dir;
  const std::string one = alert_line(1), two = alert_line(2);
  CHECK(read(dir.write("array.json", "[" + one + "," + two + "]")).ids == Ids{"1", "2"});
  CHECK(read(dir.write("line.json", "[" + one.substr(0, one.size() - 1) + "]")).ids == Ids{"1"});
  const std::string hits = R"({"took":1,"hits":{"hits":[{"_index":"i","_id":"a","_source":)" +
                           one.substr(0, one.size() - 1) + "}]}}\n";
  CHECK(read(dir.write("hits.json", hits)).ids == Ids{"1"});
  CHECK(read(dir.gzip("pretty.json.gz", "{\n\"id\": \"1.77\",\n\"rule\": {}\n}\n")).ids ==
        Ids{"77"});
}

TEST_CASE("a line that is not an alert is returned unchanged", "[source]") {
  const TempDir dir;
  const Pass pass = read(dir.write("alerts.json", alert_line(1) + "\x01garbage\n" + alert_line(2)));
  CHECK(pass.ids == Ids{"1", "bad", "2"});
}

TEST_CASE("within a search answer there is no resume point", "[source]") {
  const TempDir dir;
  std::string one = alert_line(1), two = alert_line(2);
  one.pop_back();
  two.pop_back();
  const std::string answer = R"({"hits":{"total":2,"hits":[)" + one + "," + two + "]}}\n";
  const std::string path = dir.write("pages.json", alert_line(5) + answer + alert_line(6));
  const Pass part = read(path, {}, 0, 2);
  CHECK(part.ids == Ids{"5", "1"});
  CHECK(read(path, part.position).ids == Ids{"1", "2", "6"});
  const Pass more = read(path, {}, 0, 3);
  CHECK(more.ids == Ids{"5", "1", "2"});
  CHECK(read(path, more.position).ids == Ids{"6"});
  CHECK(more.unread.failures.empty());
}

TEST_CASE("an incomplete last line is reported once the file is no longer written", "[source]") {
  const TempDir dir;
  const std::string path = dir.write("alerts.json", alert_line(1) + alert_line(2).substr(0, 30));
  CHECK(read(path).unread.failures.empty());
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  std::filesystem::last_write_time(path, old);
  const Pass pass = read(path);
  CHECK(pass.ids == Ids{"1"});
  REQUIRE(pass.unread.failures.size() == 1);
  CHECK(pass.unread.failures[0].find("middle of a line") != std::string::npos);
  // The next run reads the line, should it be ended after all.
  dir.write("alerts.json", alert_line(1) + alert_line(2));
  CHECK(read(path, pass.position).ids == Ids{"2"});
}

TEST_CASE("a single damaged line is left to its reader", "[source]") {
  const TempDir dir;
  CHECK(read(dir.write("x.json", "{\"id\":\n")).ids == Ids{"bad"});
}

TEST_CASE("a file of another format is refused if it is the only one", "[source]") {
  const TempDir dir;
  for (const char* text : {"{\"error\":\"no\",\"status\":404}\n", "<html>\n</html>\n",
                           "{\n\"a\":1\n}\n", "\n\n", "{\n\"took\":3,\n\"hits\":{\n"}) {
    INFO(text);
    auto source = FileSource::open(Env::real(), dir.write("x.json", text), {});
    REQUIRE(source.ok());
    SourceAlert read;
    const auto more = source->next(read);
    REQUIRE_FALSE(more.ok());
    CHECK(more.status().code() == ExitCode::bad_input);
    CHECK(more.status().message().find("x.json") != std::string::npos);
    CHECK(more.status().line().find('\n') == std::string::npos);
  }
  dir.write("y.json", alert_line(1));
  const Pass both = read(dir / "");
  CHECK(both.ids == Ids{"1"});
  CHECK(both.unread.failures.size() == 1);
}

}  // namespace
}  // namespace socbridge::reconcile
