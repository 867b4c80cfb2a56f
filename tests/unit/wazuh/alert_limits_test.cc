// SPDX-License-Identifier: Apache-2.0
#include <ctime>

#include "test_support.h"
#include "wazuh/alert_stream.h"

using namespace socbridge;
using namespace socbridge::wazuh;
using socbridge::wazuh::test::TempDir;

namespace {

std::string nested(std::size_t depth, const std::string& opening, const std::string& closing) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += opening;
  out += "1";
  for (std::size_t i = 0; i < depth; ++i) out += closing;
  return out;
}

std::string alert_with(const std::string& data) {
  return R"({"id":"1.1","rule":{"level":10,"id":"5"},"data":)" + data +
         R"(,"location":"behind it"})";
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Of a file of one line, the best of three.
double reading_seconds(const std::string& path) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double start = cpu_seconds();
    std::size_t count = 0;
    CHECK(for_each_alert(Env::real(), path, [&](std::string_view, std::size_t) { ++count; }).ok());
    CHECK(count > 0);
    best = std::min(best, cpu_seconds() - start);
  }
  return best;
}

}  // namespace

TEST_CASE("limits: an alert nested as deep as Wazuh can write it is taken, and deeper ones too") {
  for (const std::size_t depth : std::vector<std::size_t>{510, 513, 600, 997, 1000, 1001, 20000}) {
    for (const Alert& alert : {wazuh::test::parsed(alert_with(nested(depth, "[", "]"))),
                               wazuh::test::parsed(alert_with(nested(depth, "{\"a\":", "}")))}) {
      CHECK(alert.level == 10);
      CHECK(alert.location == "behind it");
      CHECK_FALSE(source_ref(alert).empty());
    }
  }
}

TEST_CASE("limits: a name with 600 dots, as one name and as the 600 objects Wazuh makes of it") {
  std::string name = "a";
  for (int i = 0; i < 600; ++i) name += ".a";
  const Alert flat = wazuh::test::parsed(alert_with("{\"" + name + "\":\"deep\"}"));
  CHECK(flat.root().path("data." + name).string() == "deep");
  const Alert made = wazuh::test::parsed(alert_with(nested(601, "{\"a\":", "}")));
  CHECK(made.root().path("data." + name).missing());
  CHECK(made.root()["data"]["a"].is_object());
}

TEST_CASE("limits: an alert without an id has one reference, however deep it is") {
  const std::string deep = R"({"rule":{"level":10},"data":)" + nested(700, "{\"a\":", "}") + "}";
  CHECK(source_ref(wazuh::test::parsed(deep)) == source_ref(wazuh::test::parsed(deep)));
  const std::string other = R"({"rule":{"level":10},"data":)" + nested(701, "{\"a\":", "}") + "}";
  CHECK(source_ref(wazuh::test::parsed(deep)) != source_ref(wazuh::test::parsed(other)));
}

TEST_CASE("limits: deep alerts in every form of a file") {
  TempDir dir;
  const std::string alert = alert_with(nested(700, "[", "]"));
  for (const std::string& text :
       {alert, alert + "\n", alert + "\n" + alert + "\n", "[" + alert + "]",
        R"({"hits":{"total":1,"hits":[{"_index":"i","_id":"a","_source":)" + alert + "}]}}"}) {
    static int number = 0;
    std::size_t count = 0;
    const Status read = for_each_alert(Env::real(), dir.write("f" + std::to_string(++number), text),
                                       [&](std::string_view raw, std::size_t) {
                                         ++count;
                                         CHECK(wazuh::test::parsed(raw).id == "1.1");
                                       });
    CHECK(read.ok());
    CHECK(count == (text.find("\n{") == std::string::npos ? 1 : 2));
  }
}

TEST_CASE("limits: lists do not grow without end") {
  std::string groups = "\"g0\"";
  for (int i = 1; i < 5000; ++i) groups += ",\"g" + std::to_string(i) + "\"";
  const Alert alert = wazuh::test::parsed(R"({"rule":{"level":3,"groups":[)" + groups + "]}}");
  CHECK(alert.groups.size() == 1000);
}

TEST_CASE("limits: four times the size takes about four times the time") {
  TempDir dir;
  const auto file = [&](const char* name, std::size_t mib, const std::string& one) {
    std::string text = "[" + one;
    while (text.size() < mib << 20) text += "," + one;
    return dir.write(name, text + "]");
  };
  const std::string one = R"({"id":"1.1","full_log":")" + std::string(100000, 'x') + "\"}";
  const double small = reading_seconds(file("small", 16, one));
  const double large = reading_seconds(file("large", 64, one));
  INFO(small << " s, then " << large << " s");
  CHECK(large < 8 * small);
}

TEST_CASE("limits: what is packed more than any log is refused with a line that says so") {
  TempDir dir;
  // 40 MiB of blanks and no line break.
  const std::string packed =
      wazuh::test::gzipped("[" + std::string(std::size_t{40} << 20, ' ') + "]");
  CHECK(packed.size() < 400000);
  const Status read = for_each_alert(Env::real(), dir.write("bomb.json.gz", packed),
                                     [](std::string_view, std::size_t) {});
  CHECK(read.code() == ExitCode::bad_input);
  CHECK(read.message().find("bomb.json.gz unpacks to more than 200 times its size") !=
        std::string::npos);
  // Lines are streamed, so that a flood of equal alerts is read whatever it is packed to.
  std::string lines;
  while (lines.size() < std::size_t{20} << 20) {
    lines += R"({"id":"1.1","full_log":")" + std::string(8000, 'x') + "\"}\n";
  }
  std::size_t count = 0;
  CHECK(for_each_alert(Env::real(), dir.write("flood.json.gz", wazuh::test::gzipped(lines)),
                       [&](std::string_view, std::size_t) { ++count; })
            .ok());
  CHECK(count > 2000);
}
