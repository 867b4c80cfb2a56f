// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/probes/opencti.h"
#include "probed.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

using Routes = socbridge::test::RouteServer::Routes;

constexpr std::int64_t kHour = 3600000;

std::string at(std::int64_t hours_ago) { return format_utc(FakeClock::kStart - hours_ago * kHour); }

// A connector that ran so many hours ago, with more members.
std::string ran(const std::string& name, std::int64_t hours_ago, const std::string& more = "") {
  return R"({"id":")" + name + R"(-id","name":")" + name +
         R"(","connector_info":{"last_run_datetime":")" + at(hours_ago) + "\"}" + more + "}";
}

const std::string kVirusTotal = R"({"id":"v","name":"VirusTotal","active":true})";

std::string answer(const std::string& connectors, const std::string& metrics) {
  return R"({"data":{"connectors":[)" + connectors + R"(],"rabbitMQMetrics":)" + metrics + "}}";
}

std::string all_well() {
  return ran("MITRE ATT&CK", 100) + "," + ran("AlienVault", 5) + "," + ran("AbuseIPDB", 20) + "," +
         kVirusTotal;
}

struct Feeds : test::Probed {
  explicit Feeds(const std::string& body, Options given = test::nothing_here())
      : test::Probed(Routes{{"POST /graphql", {body}}}, {"opencti", "OpenCTI"}, std::move(given)) {
    opencti::Client client(probe.http(), {server.url(), Secret("t0ken")}, 1);
    check_feeds(probe, client);
  }
};

constexpr const char* kWorkers = R"({"consumers":"2","queues":[]})";

}  // namespace

TEST_CASE("opencti feeds: each connector with a schedule has a check of its own") {
  const FakeClock clock;
  Feeds feeds(answer(all_well() + "," + ran("Other import", 9000), kWorkers));
  CHECK(feeds.said("feed mitre") == "ok: MITRE ATT&CK ran 4 days ago, due every 7d");
  CHECK(feeds.said("feed alienvault") == "ok: AlienVault ran 5 hours ago, due every 1d");
  CHECK(feeds.said("feed abuseipdb") == "ok: AbuseIPDB ran 20 hours ago, due every 1d");
  CHECK(feeds.said("feed virustotal") == "ok: VirusTotal is active");
  CHECK(feeds.said("workers") == "ok: 2, 0 messages of connectors wait");
  CHECK(feeds.probe.report().checks.size() == 5);  // none for the other import
}

TEST_CASE("opencti feeds: what is stale, down, missing or reports errors is degraded") {
  const FakeClock clock;
  Feeds feeds(
      answer(ran("AlienVault", 72) + "," +
                 ran("MITRE", 1,
                     R"(,"works":[{"timestamp":")" + at(2) +
                         R"(","status":"complete","errors":[{"message":"no \u001bdisk"}]}])") +
                 R"(,{"id":"v","name":"VirusTotal","active":false})",
             kWorkers));
  CHECK(feeds.said("feed alienvault") == "degraded stale: AlienVault: last ran 3 days ago");
  CHECK(feeds.next("feed alienvault") ==
        "check its CronJob, its key, its quota and its last pod's log");
  CHECK(feeds.said("feed mitre") ==
        "degraded reported_error: MITRE: 1 error(s) in the last work: no \\u{1b}disk");
  CHECK(feeds.said("feed virustotal") == "degraded stale: VirusTotal: has never pinged");
  CHECK(feeds.next("feed virustotal") == "check its pod");
  CHECK(feeds.said("feed abuseipdb") == "degraded missing: not registered in OpenCTI");
  CHECK(feeds.next("feed abuseipdb") == "deploy it: packaging/kubernetes/opencti");
}

TEST_CASE("opencti feeds: the schedules are those of the section connectors") {
  const FakeClock clock;
  const socbridge::test::TempDir folder;
  Options options = test::nothing_here();
  options.flags.config_file =
      folder.write("config.json", R"({"connectors":{"alienvault":{"every":"30d"}}})");
  Feeds feeds(answer(ran("AlienVault", 72), kWorkers), options);
  CHECK(feeds.said("feed alienvault") == "ok: AlienVault ran 3 days ago, due every 30d");
  folder.write("config.json", R"({"connectors":{"alienvault":{"evry":"30d"}}})");
  Feeds wrong(answer(all_well(), kWorkers), options);
  CHECK(wrong.said("feeds").starts_with("unknown configuration: "));
  CHECK(wrong.server.requests().empty());
}

TEST_CASE("opencti feeds: without workers nothing is ingested, and that is said") {
  const FakeClock clock;
  const auto workers = [](const char* metrics) {
    const std::string queued = R"({"id":"v","name":"VirusTotal","active":true,)"
                               R"("connector_queue_details":{"messages_number":40}})";
    return Feeds(answer(queued, metrics)).said("workers");
  };
  CHECK(workers(R"({"consumers":"0","queues":[{"name":"push_v","messages":"2"}]})") ==
        "degraded missing: none: nothing is ingested, 42 messages of connectors wait");
  CHECK(workers("null") == "unknown reported_error: OpenCTI does not report its queues");
  CHECK(workers(R"({"consumers":3})") == "ok: 3, 40 messages of connectors wait");
}

TEST_CASE("opencti feeds: queue lengths that no platform has are not crash") {
  const FakeClock clock;
  const std::string much = R"("connector_queue_details":{"messages_number":9223372036854775807})";
  Feeds feeds(answer(R"({"id":"v","name":"VirusTotal","active":true,)" + much +
                         R"(},{"id":"w","name":"Other",)" + much + "}",
                     R"({"consumers":"1","queues":[{"name":"push_v","messages":9223372036854775807},
                         {"name":"listen_w","messages":-5}]})"));
  CHECK(feeds.said("workers").starts_with("ok: 1, "));
  CHECK(feeds.said("workers").find('-') == std::string::npos);
}

TEST_CASE("opencti feeds: a list that is not given is unknown, a dead search engine is down") {
  const FakeClock clock;
  Feeds forbidden(
      R"({"errors":[{"message":"no","extensions":{"code":"FORBIDDEN_ACCESS"}}],"data":null})");
  CHECK(forbidden.said("feeds").starts_with("unknown auth: asking OpenCTI for connectors: "));
  Feeds engine(
      R"({"errors":[{"message":"x","extensions":{"code":"DATABASE_ERROR"}}],"data":null})");
  CHECK(engine.said("search engine")
            .starts_with("down unreachable: the platform cannot reach it: asking OpenCTI for "
                         "connectors: "));
  CHECK(engine.said("feeds").empty());
  CHECK(engine.said("workers").empty());
}

}  // namespace socbridge::health
