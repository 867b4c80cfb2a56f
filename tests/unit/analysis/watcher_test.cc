// SPDX-License-Identifier: Apache-2.0
// Runs over new observables.
#include "analysis/watcher.h"

#include "fixture.h"

namespace socbridge::analysis {
namespace {

class Refusing final : public Budget {
 public:
  Result<Answer> reserve(const std::string&) override {
    if (open) return Answer{};
    return Answer{false, "used up", wall_now_ms() - 1};
  }
  void give_back(const std::string&) override {}
  bool open = false;
};

// One process that reads new observables, with its own state.
struct WatcherFixture {
  WatcherFixture(Fixture& the_fixture, const Folder& folder, const char* state = "state.json",
                 Budget* budget = nullptr)
      : fixture(the_fixture),
        path(folder / state),
        submitter(Env::real(), the_fixture.client, the_fixture.connector, budget,
                  folder / "locks") {
    settings.rules = {Rule{}};
    settings.rules[0].name = "addresses";
    settings.rules[0].types = {"ip"};
    settings.rules[0].analyzers = {"AbuseIPDB"};
    options.since_ms = 1;
  }

  Result<PassReport> pass() {
    events.clear();
    auto file = StateFile::open(Env::real(), path, "hive", Fixture::soon());
    REQUIRE(file.ok());
    Watcher follower(fixture.client, submitter, settings, options);
    return follower.pass(
        *file, fixture.analyzers(), [&](const Event& event) { events.push_back(event); },
        [] { return false; });
  }

  Fixture& fixture;
  std::string path;
  Settings settings;
  FollowOptions options;
  Submitter submitter;
  std::vector<Event> events;
};

}  // namespace

TEST_CASE("new observables are analysed once, whatever process runs") {
  Fixture fixture;
  const Folder folder;
  WatcherFixture watcher(fixture, folder);
  const std::string first = fixture.alert_with("r1", "ip", "203.0.113.7");
  const std::string other = fixture.alert_with("r2", "domain", "a.example");
  auto report = watcher.pass();
  REQUIRE(report.ok());
  CHECK(report->observables == 2);
  CHECK(report->started == 1);
  CHECK(fixture.jobs_of(first) == 1);
  CHECK(fixture.jobs_of(other) == 0);

  const std::string later = fixture.alert_with("r3", "ip", "203.0.113.8");
  report = watcher.pass();
  CHECK(report->observables == 1);
  CHECK(report->started == 1);
  CHECK(fixture.jobs_of(later) == 1);
  CHECK(watcher.pass()->observables == 0);

  WatcherFixture another(fixture, folder, "another.json");  // unaware of the first one
  report = another.pass();
  REQUIRE(report.ok());
  CHECK(report->started == 0);
  CHECK(report->present == 2);
  CHECK(fixture.jobs_of(first) == 1);
}

TEST_CASE("only observables created after the start are read") {
  Fixture fixture;
  const Folder folder;
  fixture.alert_with("r1", "ip", "203.0.113.7");
  WatcherFixture watcher(fixture, folder);
  watcher.options.since_ms = wall_now_ms() + 1000;
  CHECK(watcher.pass()->observables == 0);
  watcher.options.since_ms = 1;
  watcher.options.restart = true;
  CHECK(watcher.pass()->observables == 1);
}

TEST_CASE("a given start applies to the first pass only") {
  Fixture fixture;
  const Folder folder;
  WatcherFixture watcher(fixture, folder);
  fixture.alert_with("r1", "ip", "203.0.113.7");
  watcher.options.restart = true;
  auto file = StateFile::open(Env::real(), watcher.path, "hive", Fixture::soon());
  REQUIRE(file.ok());
  Watcher follower(fixture.client, watcher.submitter, watcher.settings, watcher.options);
  const auto pass = [&] {
    return follower.pass(
        *file, fixture.analyzers(), [](const Event&) {}, [] { return false; });
  };
  CHECK(pass()->observables == 1);
  CHECK(pass()->observables == 0);
}

TEST_CASE("many pages, no duplicates and no omissions") {
  Fixture fixture;
  const Folder folder;
  WatcherFixture watcher(fixture, folder);
  watcher.settings.rules[0].types = {"domain"};  // nothing is started
  std::string body = R"({"type":"t","source":"s","sourceRef":"many","title":"a","description":"",)"
                     R"("observables":[{"dataType":"ip","data":[)";
  constexpr int kMany = 1030;  // of one millisecond or two: more than a page
  for (int i = 0; i < kMany; ++i) {
    body += (i == 0 ? "\"198.51." : ",\"198.51.") + std::to_string(i / 250) + "." +
            std::to_string(i % 250) + "\"";
  }
  REQUIRE(
      fixture.client.send("many", "POST", "/api/v1/alert", body + "]}]}", Fixture::soon()).ok());
  const auto report = watcher.pass();
  REQUIRE(report.ok());
  CHECK(report->observables == kMany);
  CHECK(watcher.pass()->observables == 0);
}

TEST_CASE("jobs postponed by the budget are started when there is room") {
  Fixture fixture;
  const Folder folder;
  Refusing budget;
  WatcherFixture watcher(fixture, folder, "state.json", &budget);
  const std::string id = fixture.alert_with("r1", "ip", "203.0.113.7");
  auto report = watcher.pass();
  CHECK(report->postponed == 1);
  CHECK(report->retry_at_ms > 0);
  CHECK(fixture.jobs_of(id) == 0);
  budget.open = true;
  report = watcher.pass();
  CHECK(report->started == 1);
  CHECK(report->retry_at_ms == 0);
  CHECK(fixture.jobs_of(id) == 1);
  CHECK(watcher.pass()->observables == 0);
}

TEST_CASE("a pass that TheHive ends is taken up where it was") {
  Fixture fixture({"status=503,first=1,method=POST,path=/api/v1/connector/cortex/job"});
  const Folder folder;
  WatcherFixture watcher(fixture, folder);
  const std::string id = fixture.alert_with("r1", "ip", "203.0.113.7");
  CHECK(watcher.pass().status().code() == ExitCode::unreachable);
  const auto report = watcher.pass();
  REQUIRE(report.ok());
  CHECK(report->started == 1);
  CHECK(fixture.jobs_of(id) == 1);
}

TEST_CASE("watcher: a dry run starts and stores nothing") {
  Fixture fixture;
  const Folder folder;
  WatcherFixture watcher(fixture, folder);
  const std::string id = fixture.alert_with("r1", "ip", "203.0.113.7");
  watcher.options.dry_run = true;
  CHECK(watcher.pass()->started == 1);
  CHECK(fixture.jobs_of(id) == 0);
  watcher.options.dry_run = false;
  CHECK(watcher.pass()->started == 1);
  CHECK(fixture.jobs_of(id) == 1);
}

TEST_CASE("the alert's severity is queried only if a rule needs it") {
  Fixture fixture;
  const Folder folder;
  WatcherFixture watcher(fixture, folder);
  watcher.settings.rules[0].min_severity = 3;
  const std::string low = fixture.alert_with("r1", "ip", "203.0.113.7", 2);
  const std::string high = fixture.alert_with("r2", "ip", "203.0.113.8", 3);
  REQUIRE(watcher.pass().ok());
  CHECK(fixture.jobs_of(low) == 0);
  CHECK(fixture.jobs_of(high) == 1);
  REQUIRE(watcher.events.size() == 1);
  CHECK(watcher.events[0].owner.find("alert ~") == 0);
}

TEST_CASE("before 5.1 observables of alerts are skipped, those of cases are not") {
  Fixture fixture({}, "4.1.24-1");
  const Folder folder;
  WatcherFixture watcher(fixture, folder);
  watcher.options.cases_only = true;
  watcher.options.five_levels = false;
  const auto add = [&](const char* what, const char* body, const char* tail) {
    const auto made = fixture.client.send("making", "POST", std::string("/api/v1/") + what, body,
                                          Fixture::soon());
    REQUIRE(made.ok());
    const std::string id(*made->root()["_id"].string());
    REQUIRE(fixture.client
                .send("adding", "POST", "/api/v1/" + std::string(what) + "/" + id + "/" + tail,
                      R"({"dataType":"ip","data":"203.0.113.7"})", Fixture::soon())
                .ok());
  };
  add("alert",
      R"({"type":"t","source":"s","sourceRef":"r","title":"a","description":"","date":1741938001000})",
      "artifact");
  add("case", R"({"title":"c","description":""})", "observable");
  const auto report = watcher.pass();
  REQUIRE(report.ok());
  CHECK(report->started == 1);
  CHECK(report->skipped == 1);
}

}  // namespace socbridge::analysis
