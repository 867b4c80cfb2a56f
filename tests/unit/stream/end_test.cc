// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/end.h"

#include <catch2/catch.hpp>

#include "stream/consumer_counts.h"

namespace socbridge::stream {
namespace {

EndVerdict refused(int status, const std::string& type = "application/json",
                   std::int64_t retry_after_ms = -1) {
  http::StreamEnd end;
  end.why = http::StreamEnd::Why::refused;
  end.outcome.response.status = status;
  end.outcome.response.content_type = type;
  end.outcome.response.retry_after_ms = retry_after_ms;
  return evaluate_end(end, 30000);
}

}  // namespace

TEST_CASE("Only the key and a stopped stream do not pass by waiting") {
  CHECK(refused(401).code == ExitCode::auth);
  CHECK(refused(403).code == ExitCode::auth);
  CHECK(refused(410).code == ExitCode::refused);
  CHECK(refused(200, "text/html").code == ExitCode::refused);
  for (const int status : {429, 500, 502, 503, 504}) {
    CHECK(refused(status).code == ExitCode::unreachable);
  }
  for (const auto why : {http::StreamEnd::Why::finished, http::StreamEnd::Why::broken,
                         http::StreamEnd::Why::silent}) {
    CHECK(evaluate_end({why, {}}, 30000).code == ExitCode::unreachable);
  }
  CHECK(evaluate_end({http::StreamEnd::Why::silent, {}}, 30000).reason == "no data for 30 s");
}

TEST_CASE("The pause is at least the one requested by the server") {
  CHECK(refused(503, "text/html", 120000).least_pause_ms == 120000);
  CHECK(refused(401).least_pause_ms == 300000);
  CHECK(refused(401, "text/html", 900000).least_pause_ms == 900000);
  CHECK(refused(503).least_pause_ms <= 0);
}

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

}  // namespace socbridge::stream
