// SPDX-License-Identifier: Apache-2.0
#include "metrics/exporter.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"

namespace socbridge::metrics {
namespace {

profile::Endpoint at(const std::string& url) {
  profile::Endpoint out;
  out.url = url;
  out.key = Secret("k3y");
  return out;
}

std::uint64_t count_of(const Counts& counts, const std::string& name) {
  for (const auto& [value, count] : counts) {
    if (value == name) return count;
  }
  FAIL("no " << name);
  return 0;
}

}  // namespace

TEST_CASE("TheHive 5 is asked for numbers only, with a bound") {
  const test::CannedServer server(
      {test::http_answer(200, R"({"version":"5.7.3-1"})"), test::http_answer(200, "7")});
  Sources sources;
  sources.thehive = at(server.url());
  const Snapshot got = collect(sources, 30000);
  REQUIRE(got.scrapes.size() == 1);
  CHECK(got.scrapes[0].status.line().empty());
  REQUIRE(got.thehive);
  CHECK(count_of(got.thehive->alerts_by_severity, "critical") == 7);
  CHECK(count_of(got.thehive->alerts_by_status, "Imported") == 7);
  CHECK(count_of(got.thehive->alerts_by_status, kCustom) == 7);
  CHECK(count_of(got.thehive->cases_by_resolution, "TruePositive") == 7);
  CHECK(count_of(got.thehive->observables_by_type, "mail-subject") == 7);
  CHECK(got.thehive->cases_by_resolution.size() == 6);
  CHECK(server.requests().size() <= 50);
}

TEST_CASE("an answer that is no number is no count") {
  for (const char* answer : {"[]", "-1", "\"7\"", "{\"total\":7}"}) {
    CAPTURE(answer);
    const test::CannedServer server(
        {test::http_answer(200, R"({"version":"5.7.3-1"})"), test::http_answer(200, answer)});
    Sources sources;
    sources.thehive = at(server.url());
    const Snapshot got = collect(sources, 30000);
    CHECK(got.scrapes[0].status.code() == ExitCode::refused);
    CHECK_FALSE(got.thehive);
    CHECK(server.requests().size() == 2);  // nothing more is asked
  }
}

TEST_CASE("a product that fails in the middle has no numbers, and the others are asked") {
  const test::CannedServer broken({test::http_answer(200, R"({"version":"5.7.3-1"})"),
                                   test::http_answer(200, "7"), test::http_answer(403, "{}")});
  Sources sources;
  sources.thehive = at(broken.url());
  sources.queue = [] { return queue::QueueStats(); };
  const Snapshot got = collect(sources, 30000);
  REQUIRE(got.scrapes.size() == 2);
  CHECK_FALSE(got.scrapes[0].status.ok());
  CHECK_FALSE(got.thehive);
  CHECK(got.scrapes[1].product == "queue");
  CHECK(got.scrapes[1].status.ok());
  CHECK(got.queue);
}

TEST_CASE("what is not configured is not mentioned") {
  const Snapshot got = collect({}, 1000);
  CHECK(got.scrapes.empty());
  CHECK_FALSE(Sources().any());
}

}  // namespace socbridge::metrics
