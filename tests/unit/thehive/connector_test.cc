// SPDX-License-Identifier: Apache-2.0
// TheHive's Cortex connector, with a Cortex that a test scripts.
#include "thehive/connector.h"

#include <map>
#include <mutex>

#include "fixture.h"
#include "json/writer.h"

namespace socbridge::thehive {
namespace {

// Answers like Cortex (docs/protocols/cortex.md) about two analyzers; jobs do not change until
// finish().
class ScriptedCortex {
 public:
  sandbox::Response operator()(const sandbox::Request& request) {
    const std::lock_guard lock(mutex_);
    if (down) return {0, "", "", {}, {}};
    if (request.path == "/api/status") return json(R"({"versions":{"Cortex":"4.1.0-1"}})");
    if (request.path == "/api/user/current") {
      if (!locked_out) return json(R"({"id":"thehive"})");
      return {401, "application/json", R"({"type":"AuthenticationError"})", {}, {}};
    }
    if (request.path == "/api/analyzer") {
      return json(R"([{"id":"a1","name":"AbuseIPDB_2_0","version":"2.0","description":"d",)"
                  R"("analyzerDefinitionId":"AbuseIPDB_2_0","dataTypeList":["ip"]},)"
                  R"({"id":"a2","name":"URLhaus_2_0","version":"2.0","description":"d",)"
                  R"("analyzerDefinitionId":"URLhaus_2_0","dataTypeList":["url","domain"]}])");
    }
    if (request.segments.size() == 4 && request.segments[3] == "run") {
      const std::string id = "j" + std::to_string(states_.size() + 1);
      states_[id] = "Waiting";
      last_run = request.body;
      return json(R"({"id":")" + id + R"(","status":"Waiting"})");
    }
    if (request.path == "/api/job/status") {
      std::string out = "{";
      for (const auto& [id, state] : states_) {
        out += (out.size() > 1 ? "," : "") + json::quote(id) + ":" + json::quote(state);
      }
      return json(out + "}");
    }
    if (request.segments.size() == 4 && request.segments[3] == "report") {
      return json(R"({"status":")" + states_[request.segments[2]] + R"(","report":)" + report +
                  "}");
    }
    return {404, "application/json", R"({"type":"NotFoundError","message":"no"})", {}, {}};
  }

  void finish(const char* state) {
    const std::lock_guard lock(mutex_);
    for (auto& [id, now] : states_) now = state;
  }

  bool down = false, locked_out = false;
  std::string last_run;
  std::string report =
      R"({"success":true,"summary":{"taxonomies":[{"level":"malicious",)"
      R"("namespace":"AbuseIPDB","predicate":"Score","value":88}]},"full":{"n":1},)"
      R"("artifacts":[],"operations":[]})";

 private:
  static sandbox::Response json(std::string body) {
    return {200, "application/json", std::move(body), {}, {}};
  }
  std::mutex mutex_;
  std::map<std::string, std::string> states_;
};

struct ConnectorFixture {
  explicit ConnectorFixture(const char* version = "5.7.3-1", std::vector<std::string> rules = {})
      : fixture(std::move(rules), version,
                [this](const sandbox::Request& request) { return cortex(request); }),
        connector(fixture.client) {}

  std::string new_ip(const Subject& subject) {
    Observable one;
    one.data_type = "ip";
    one.data = "203.0.113.7";
    one.tlp = 3;
    const auto added = add_observables(fixture.client, subject, {one}, Fixture::soon());
    REQUIRE(added.ok());
    return added->created.at(0).id;
  }
  Analyzer analyzer() {
    const auto all = connector.analyzers(Fixture::soon());
    REQUIRE(all.ok());
    REQUIRE(all->size() == 2);
    return (*all)[0];
  }

  ScriptedCortex cortex;
  Fixture fixture;
  Connector connector;
};

}  // namespace

TEST_CASE("analyzers are listed under either prefix") {
  for (const char* version : {"5.7.3-1", "4.1.24-1"}) {
    INFO(version);
    ConnectorFixture connected(version);
    const Analyzer first = connected.analyzer();
    CHECK(first.name == "AbuseIPDB_2_0");
    CHECK(first.cortex_ids == std::vector<std::string>{"cortex0"});
    CHECK(first.takes("ip"));
    CHECK_FALSE(first.takes("domain"));
    CHECK(first.is_called("abuseipdb"));
    CHECK(first.is_called("AbuseIPDB_2_0"));
    CHECK_FALSE(first.is_called("AbuseIPDB_2"));
  }
}

TEST_CASE("a job's report lands on the observable") {
  for (const char* version : {"5.7.3-1", "5.5.0-1", "4.1.24-1"}) {
    INFO(version);
    ConnectorFixture connected(version);
    const std::string id = connected.new_ip(connected.fixture.new_case());
    const auto started = connected.connector.run(connected.analyzer(), id, {}, Fixture::soon());
    REQUIRE(started.ok());
    CHECK_FALSE(started->finished());
    CHECK(started->observable_id == id);
    CHECK(started->start_ms > 1600000000000);
    CHECK(connected.cortex.last_run.find(R"("data":"203.0.113.7","dataType":"ip","tlp":3)") !=
          std::string::npos);
    connected.cortex.finish("Success");
    const auto job = connected.connector.job(started->id, Fixture::soon());
    REQUIRE(job.ok());
    CHECK(job->status == "Success");
    CHECK(job->counts());
    CHECK(job->end_ms >= job->start_ms);
    const auto observable = get_observable(connected.fixture.client, id, Fixture::soon());
    REQUIRE(observable.ok());
    REQUIRE(observable->taxonomies.size() == 1);
    CHECK(observable->taxonomies[0].level == "malicious");
    CHECK(observable->taxonomies[0].value == "88");
    CHECK(connected.connector.jobs_of(id, Fixture::soon())->size() == 1);
  }
}

TEST_CASE("the input of a failed run, which contains keys, is dropped") {
  ConnectorFixture connected;
  connected.cortex.report =
      R"({"success":false,"errorMessage":"no output","input":"{\"config\":{\"key\":\"SECRET\"}}"})";
  const std::string id = connected.new_ip(connected.fixture.new_case());
  const auto started = connected.connector.run(connected.analyzer(), id, {}, Fixture::soon());
  REQUIRE(started.ok());
  connected.cortex.finish("Failure");
  const auto job = connected.connector.job(started->id, Fixture::soon());
  REQUIRE(job.ok());
  CHECK(job->status == "Failure");
  CHECK_FALSE(job->counts());
  CHECK(job->error == "no output");
  CHECK(job->json.find("SECRET") == std::string::npos);
  CHECK(job->json.find("no output") != std::string::npos);
  // It was there to be dropped:
  const auto raw =
      connected.fixture.client.get("/api/v1/connector/cortex/job/" + started->id, Fixture::soon());
  CHECK(raw->root().dump().find("SECRET") != std::string::npos);
}

TEST_CASE("connector: an empty list is explained") {
  ConnectorFixture connected;
  connected.cortex.down = true;
  auto listed = connected.connector.analyzers(Fixture::soon());
  CHECK(listed.status().code() == ExitCode::unreachable);
  CHECK(listed.status().message() ==
        "TheHive lists no analyzers; it reports of its Cortex servers: cortex0: ERROR");

  Fixture alone;
  Connector none(alone.client);
  listed = none.analyzers(Fixture::soon());
  CHECK(listed.status().code() == ExitCode::refused);
  CHECK(listed.status().message() == "TheHive has no Cortex server");
}

TEST_CASE("a job whose answer was lost is found, not started again") {
  ConnectorFixture connected("5.7.3-1",
                             {"commit-then-drop,first=1,path=/api/v1/connector/cortex/job"});
  const std::string id = connected.new_ip(connected.fixture.new_case());
  const auto started = connected.connector.run(connected.analyzer(), id, {}, Fixture::soon());
  REQUIRE(started.ok());
  CHECK(connected.connector.jobs_of(id, Fixture::soon())->size() == 1);
}

TEST_CASE("TheHive 4 analyses observables of cases only") {
  ConnectorFixture old("4.1.24-1");
  const std::string id = old.new_ip(old.fixture.new_alert());
  const Started none = old.connector.run(old.analyzer(), id, {}, Fixture::soon());
  CHECK(none.verdict == Started::Verdict::refused);
  CHECK(none.status.code() == ExitCode::refused);
  ConnectorFixture fresh;
  CHECK(fresh.connector
            .run(fresh.analyzer(), fresh.new_ip(fresh.fixture.new_alert()), {}, Fixture::soon())
            .ok());
}

TEST_CASE("a connector that is off differs from a missing job") {
  ConnectorFixture connected;
  const auto job = connected.connector.job("~1", Fixture::soon());
  CHECK(job.status().message() == "reading job ~1: HTTP 404 NotFoundError: Job ~1 not found");
}

}  // namespace socbridge::thehive
