// SPDX-License-Identifier: Apache-2.0
// How the set of values follows the observables of TheHive.
#include "stream/index/observable_refresh.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"
#include "unit/stream/hive_fixture.h"

namespace socbridge::stream {
namespace {

using Numbers = std::vector<std::uint64_t>;
using test::CannedServer;
using test::http_answer;

const MatchKey kAddress{"ip", "198.51.100.7"};
bool go_on() { return false; }

std::string row(std::uint64_t id, std::int64_t created, const std::string& data) {
  return R"({"_id":"~)" + std::to_string(id) + R"(","dataType":"ip","data":")" + data +
         R"(","_createdAt":)" + std::to_string(created) + "}";
}
const std::string kVersion = http_answer(200, R"({"version":"5.7.3-1"})");
const std::string kEmpty = http_answer(200, "[]");

// A TheHive that answers the version, then these.
struct Canned {
  explicit Canned(std::vector<std::string> answers) : server(with_version(std::move(answers))) {}
  static std::vector<std::string> with_version(std::vector<std::string> answers) {
    answers.insert(answers.begin(), kVersion);
    return answers;
  }
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  thehive::Client client{http, {server.url(), Secret("key"), ""}};
  MatchSet set{1};
};

}  // namespace

TEST_CASE("the set has the observables of open alerts and cases, and of no closed ones") {
  for (const char* version : {"5.7.3-1", "4.1.24-1"}) {
    HiveFixture w({}, version);
    const auto open = w.new_case(), closed = w.new_case();
    const std::uint64_t number = w.observable(open);
    const std::uint64_t other = w.observable(closed, "domain", "closed.example");
    static_cast<void>(other);
    static_cast<void>(w.client.send(
        "closing", "PATCH", closed.path(),
        version[0] == '4' ? R"({"status":"Resolved"})" : R"({"status":"TruePositive"})",
        HiveFixture::soon()));
    MatchSet set(1);
    ObservableRefresh refresh(w.client, set);
    REQUIRE(refresh.full(go_on).ok());
    CHECK(set.find(kAddress) == Numbers{number});
    CHECK(set.size() == 1);
  }
}

TEST_CASE("a full pass forgets what was closed, a recent one adds what is new") {
  HiveFixture w;
  const auto subject = w.new_case(), second = w.new_alert();
  const std::uint64_t number = w.observable(subject);
  MatchSet set(1);
  std::vector<std::uint64_t> fresh;
  ObservableRefresh refresh(w.client, set, [&](const auto& values) {
    for (const ObservableRefresh::Fresh& one : values) fresh.push_back(one.observable);
    return Status();
  });
  REQUIRE(refresh.full(go_on).ok());
  CHECK(fresh == Numbers{number});
  const std::uint64_t later = w.observable(second, "domain", "new.example");
  REQUIRE(refresh.recent(go_on).ok());
  CHECK(fresh == Numbers{number, later});
  CHECK(set.find({"name", "new.example"}) == Numbers{later});
  w.close(subject);
  REQUIRE(refresh.recent(go_on).ok());
  CHECK(set.size() == 2);
  REQUIRE(refresh.full(go_on).ok());
  CHECK(set.find(kAddress).empty());
  CHECK(set.size() == 1);
  CHECK(fresh.size() == 2);
}

TEST_CASE("pages are asked for by creation time, and go on within one moment") {
  std::string first = "[";
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    const std::string address = "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    first += (i == 1 ? "" : ",") + row(i, i < 998 ? 100 : 200, address);
  }
  Canned w({http_answer(200, first + "]"), http_answer(200, "[" + row(2000, 300, "10.2.0.1") + "]"),
            kEmpty});
  ObservableRefresh refresh(w.client, w.set);
  REQUIRE(refresh.full(go_on).ok());
  CHECK(w.set.size() == 1001);
  CHECK(w.set.refreshed_ms() == 300);
  // The version, two pages of cases, one of alerts.
  CHECK(w.server.requests().size() == 4);
}

TEST_CASE("values that could not be passed on are passed on again") {
  Canned w({http_answer(200, "[" + row(7, 100, "198.51.100.7") + "]"), kEmpty});
  bool fails = true;
  std::size_t taken = 0;
  ObservableRefresh refresh(w.client, w.set, [&](const auto& values) {
    if (fails) return Status::error(ExitCode::failure, "disk full");
    taken += values.size();
    return Status();
  });
  CHECK(refresh.full(go_on).message() == "disk full");
  CHECK(w.set.refreshed_ms() == 0);
  fails = false;
  REQUIRE(refresh.recent(go_on).ok());
  CHECK(taken == 1);
}

TEST_CASE("observable refresh: a pass that failed forgets nothing") {
  Canned w({http_answer(503, "{}")});
  w.set.add(kAddress, 7);
  w.set.set_refreshed_ms(50);
  ObservableRefresh refresh(w.client, w.set);
  CHECK(refresh.full(go_on).code() == ExitCode::unreachable);
  CHECK(w.set.find(kAddress) == Numbers{7});
  CHECK(w.set.refreshed_ms() == 50);
}

TEST_CASE("hashes of an attachment are values; what is none, or is of no observable, is left out") {
  const std::string md5 = "098f6bcd4621d373cade4e832627b4f6";
  Canned w({http_answer(200, R"([{"_id":"~7","dataType":"file","attachment":{"hashes":[")" + md5 +
                                 R"(",5]}},{"_id":"~8","dataType":"other","data":"x"},)"
                                 R"({"_id":"~9","dataType":"ip","data":"no address"},)"
                                 R"({"_id":"~0","dataType":"ip","data":"192.0.2.1"},)"
                                 R"({"_id":"10","dataType":"ip","data":"192.0.2.1"},null])"),
            kEmpty});
  ObservableRefresh refresh(w.client, w.set);
  REQUIRE(refresh.full(go_on).ok());
  CHECK(w.set.find({"hash", md5}) == Numbers{7});
  CHECK(w.set.size() == 1);
}

TEST_CASE("an answer that is not a list is refused, and a stop is one between pages") {
  Canned w({http_answer(200, R"({"a":1})")});
  ObservableRefresh refresh(w.client, w.set);
  const Status none = refresh.full(go_on);
  CHECK(none.code() == ExitCode::refused);
  CHECK(none.message() == "TheHive's answer to a query is not a list");
  CHECK(refresh.full([] { return true; }).code() == ExitCode::interrupted);
}

}  // namespace socbridge::stream
