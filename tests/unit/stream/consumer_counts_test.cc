// SPDX-License-Identifier: Apache-2.0
#include "stream/consumer_counts.h"

#include <catch2/catch.hpp>
#include <set>

#include "json/value.h"

namespace socbridge::stream {
namespace {

// Every count has a number of its own.
ConsumerCounts numbered() {
  ConsumerCounts out;
  out.matches = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  out.reading = {13, 14, 15, 16, 17};
  out.delivery.commented = 18;
  out.delivery.changed = 19;
  out.delivery.known = 20;
  out.delivery.closed = 21;
  out.delivery.refused = 22;
  out.delivery.withheld = 23;
  out.lookups.values = 24;
  out.lookups.queries = 25;
  out.lookups.matches = 26;
  out.procedures = 27;
  out.values = 28;
  out.outages = 29;
  out.waiting_bytes = 30;
  out.lookups_waiting_bytes = 31;
  out.tasks_waiting_bytes = 32;
  return out;
}

bool has(const std::string& metrics, const std::string& line) {
  return metrics.find("\nsocbridge_stream_" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("Counts as a line and as metrics") {
  ConsumerCounts counts;
  counts.matches.events = 12;
  counts.matches.matches = 2;
  counts.lookups.matches = 1;
  counts.matches.other_pattern_types = 4;
  counts.delivery.commented = 2;
  counts.delivery.changed = 1;
  counts.waiting_bytes = 100;
  counts.tasks_waiting_bytes = 20;
  CHECK(counts_line(counts, 5000) ==
        "events 12, matched 3, notified 3, waiting 120 bytes, refused 0, patterns skipped 4, lag "
        "unknown");
  CHECK(counts_prometheus(counts, 5000).find("lag_seconds") == std::string::npos);
  counts.place_ms = 3500;
  CHECK(counts_line(counts, 5000).ends_with(", lag 1.5 s"));
  CHECK(counts_line(counts, 3000).ends_with(", lag 0.0 s"));  // a clock that is ahead
  const std::string metrics = counts_prometheus(counts, 5000);
  CHECK(metrics.find("\nsocbridge_stream_lag_seconds 1.500\n") != std::string::npos);
  CHECK(metrics.find("\nsocbridge_stream_waiting_bytes{kind=\"techniques\"} 20\n") !=
        std::string::npos);
  CHECK(metrics.ends_with("\nsocbridge_stream_last_update_timestamp_seconds 5\n"));
}

TEST_CASE("The lag is not known before anything came, and never negative") {
  ConsumerCounts counts;
  CHECK(counts.lag_ms(5000) == -1);
  counts.place_ms = 3000;
  CHECK(counts.lag_ms(5000) == 2000);
  CHECK(counts.lag_ms(2999) == 0);
}

TEST_CASE("Counts as JSON: each has a name of its own") {
  const auto parsed = json::Document::parse(counts_json(numbered()));
  REQUIRE(parsed.ok());
  const json::Value root = parsed->root();
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < root.size(); ++i) seen.insert(root.value_at(i).integer().value_or(0));
  CHECK(root.size() == 32);
  CHECK(seen.size() == 32);
  CHECK((*seen.begin() == 1 && *seen.rbegin() == 32));
  CHECK(root["events"].integer() == 1);
  CHECK(root["by_our_user"].integer() == 12);
  CHECK(root["malformed"].integer() == 15);
  CHECK(root["withheld"].integer() == 23);
  CHECK(root["lookup_matches"].integer() == 26);
  CHECK(root["techniques_waiting_bytes"].integer() == 32);
}

TEST_CASE("A log line says what is withheld, and that a feed writes as our user, only then") {
  ConsumerCounts counts;
  const std::string plain = counts_line(counts, 5000);
  CHECK(plain.find("withheld") == std::string::npos);
  CHECK(plain.find("feed") == std::string::npos);
  counts.delivery.withheld = 3;
  counts.matches.by_our_user = 2;
  CHECK(counts_line(counts, 5000) ==
        plain + ", withheld 3, 2 by a feed with our own user (give it another)");
}

TEST_CASE("consumer counts: Metrics of each kind of result") {
  const std::string metrics = counts_prometheus(numbered(), 5000);
  CHECK(has(metrics, "events_total 1"));
  CHECK(has(metrics, R"(matches_total{source="event"} 4)"));
  CHECK(has(metrics, R"(matches_total{source="lookup"} 26)"));
  CHECK(has(metrics, R"(skipped_total{reason="own"} 5)"));
  CHECK(has(metrics, R"(skipped_total{reason="networks_too_wide"} 11)"));
  CHECK(has(metrics, R"(skipped_total{reason="malformed"} 15)"));
  CHECK(has(metrics, R"(notifications_total{result="added"} 18)"));
  CHECK(has(metrics, R"(notifications_total{result="closed"} 21)"));
  CHECK(has(metrics, R"(notifications_total{result="refused"} 22)"));
  CHECK(has(metrics, R"(notifications_total{result="withheld"} 23)"));
  CHECK(has(metrics, "outages_total 29"));
  CHECK(has(metrics, R"(waiting_bytes{kind="thehive"} 30)"));
  CHECK(has(metrics, R"(waiting_bytes{kind="lookups"} 31)"));
}

}  // namespace socbridge::stream
