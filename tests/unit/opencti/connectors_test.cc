// SPDX-License-Identifier: Apache-2.0
// When a connector is fresh.
#include "opencti/connectors.h"

#include <catch2/catch.hpp>

namespace socbridge::opencti {
namespace {

constexpr UnixMillis kNow = 1764000000000;  // 2025-11-24T16:00:00Z
constexpr std::int64_t kHour = 3600000, kDay = 24 * kHour;

Connector named(const char* name) {
  Connector out;
  out.id = "id";
  out.name = name;
  out.pinged_ms = kNow - 3 * kDay;
  return out;
}

Schedule usual(std::string_view name) {
  for (const Schedule& one : usual_schedules()) {
    if (one.name == name) return one;
  }
  return {};
}

}  // namespace

TEST_CASE("a run-once connector is checked by its period, not by active") {
  Connector mitre = named("MITRE ATT&CK");
  const Schedule weekly = usual("mitre");
  CHECK(fits(weekly, mitre));
  mitre.last_run_ms = kNow - 7 * kDay;
  CHECK(evaluate(mitre, &weekly, kNow).health == Health::ok);
  mitre.last_run_ms = kNow - 8 * kDay - 1;
  CHECK(evaluate(mitre, &weekly, kNow).health == Health::stale);
  mitre.last_run_ms = 0;
  CHECK(evaluate(mitre, &weekly, kNow).health == Health::stale);
  // Pings prove nothing.
  mitre.active = true;
  mitre.pinged_ms = kNow;
  CHECK(evaluate(mitre, &weekly, kNow).health == Health::stale);
}

TEST_CASE("a connector that is always there must ping") {
  Connector total = named("VirusTotal");
  const Schedule always = usual("virustotal");
  CHECK(evaluate(total, &always, kNow).health == Health::down);
  total.pinged_ms = kNow - 40000;
  CHECK(evaluate(total, &always, kNow).health == Health::ok);
  CHECK(evaluate(named("unknown to us"), nullptr, kNow).health == Health::ok);
}

TEST_CASE("a run that ends with errors is not a success") {
  Connector otx = named("AlienVault OTX");
  const Schedule nightly = usual("alienvault");
  otx.last_run_ms = kNow - kHour;
  otx.work_status = "complete";
  otx.errors = 2;
  otx.last_error = "429";
  const Verdict verdict = evaluate(otx, &nightly, kNow);
  CHECK(verdict.health == Health::degraded);
  CHECK(verdict.reason.find("429") != std::string::npos);
  otx.errors = 0;
  otx.work_status = "progress";
  otx.work_started_ms = kNow - 25 * kHour;
  CHECK(evaluate(otx, &nightly, kNow).health == Health::degraded);
  otx.work_started_ms = kNow - kHour;
  CHECK(evaluate(otx, &nightly, kNow).health == Health::ok);
  otx.buffering = true;
  CHECK(evaluate(otx, &nightly, kNow).health == Health::degraded);
}

TEST_CASE("the states that connectors keep") {
  CHECK(last_run_of_state(R"({"last_run":1764000000})") == kNow);
  CHECK(last_run_of_state(R"({"last_run":1764000000.5})") == kNow);
  CHECK(last_run_of_state(R"({"last_run":"2025-11-24 16:00:00"})") == kNow);
  CHECK(last_run_of_state(R"({"last_run":"2025-11-24T16:00:00+00:00"})") == kNow);
  for (const char* none : {"", "null", "{}", "[]", R"({"last_run":-1})", R"({"last_run":1e300})",
                           R"({"last_run":"never"})"}) {
    CHECK(last_run_of_state(none) == 0);
  }
}

}  // namespace socbridge::opencti
