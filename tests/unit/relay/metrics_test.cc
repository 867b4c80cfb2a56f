// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "queue/metrics.h"
#include "relay/delivery_times.h"
#include "relay/relay_metrics.h"

namespace socbridge::relay {
using namespace socbridge::delivery;
using namespace socbridge::integration;
using namespace socbridge::queue;

namespace {

// The lines that begin with `start`, without comments.
std::string samples(const std::string& text, const std::string& start) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(start)) out += line + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("delivery times are counted up to each bound") {
  DeliveryTimes times;
  for (const std::int64_t ms : {-5, 0, 100, 101, 60000, 86400000, 86400001}) times.add(ms);
  const DeliveryTimes::Counts counts = times.counts();
  CHECK(counts.up_to == std::array<std::uint64_t, 12>{3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 6, 7});
  CHECK(counts.sum_ms == 100 + 101 + 60000 + 86400000 + 86400001);
}

TEST_CASE("the relay's results as metrics") {
  DeliveryTimes times;
  times.add(40);
  times.add(2500);
  RelayView view;
  view.counts = {.delivered = 2, .filtered = 1, .postponed = 9, .dead = 4, .corrupt = 3};
  view.times = times.counts();
  view.in_flight = 5;
  view.waiting = 6;
  view.held = 7;
  view.spool_errors = 8;
  view.key_refused = 1;
  view.started_ms = 1764165332000;
  const std::string text = relay_prometheus(view, 1764165342500);
  CHECK(samples(text, "socbridge_relay_alerts_total") ==
        "socbridge_relay_alerts_total{result=\"delivered\"} 2\n"
        "socbridge_relay_alerts_total{result=\"filtered\"} 1\n"
        "socbridge_relay_alerts_total{result=\"postponed\"} 9\n"
        "socbridge_relay_alerts_total{result=\"dead\"} 4\n"
        "socbridge_relay_alerts_total{result=\"corrupt\"} 3\n");
  const std::string histogram = samples(text, "socbridge_relay_delivery_seconds");
  CHECK(histogram.starts_with("socbridge_relay_delivery_seconds_bucket{le=\"0.1\"} 1\n"));
  CHECK(histogram.find("{le=\"1\"} 1\nsocbridge_relay_delivery_seconds_bucket{le=\"5\"} 2\n") !=
        std::string::npos);
  CHECK(
      histogram.ends_with("{le=\"+Inf\"} 2\nsocbridge_relay_delivery_seconds_sum 2.540\n"
                          "socbridge_relay_delivery_seconds_count 2\n"));
  CHECK(samples(text, "socbridge_relay_in_flight") == "socbridge_relay_in_flight 5\n");
  CHECK(samples(text, "socbridge_relay_waiting") == "socbridge_relay_waiting 6\n");
  CHECK(samples(text, "socbridge_relay_held_by_others") == "socbridge_relay_held_by_others 7\n");
  CHECK(samples(text, "socbridge_relay_spool_errors_total") ==
        "socbridge_relay_spool_errors_total 8\n");
  CHECK(samples(text, "socbridge_relay_destinations_blocked") ==
        "socbridge_relay_destinations_blocked{reason=\"key_refused\"} 1\n"
        "socbridge_relay_destinations_blocked{reason=\"not_answering\"} 0\n");
  CHECK(text.ends_with("socbridge_relay_last_update_timestamp_seconds 1764165342.500\n"));
}

TEST_CASE("the queue, for Prometheus") {
  StateStats queue, hold;
  queue.state = spool::State::queue;
  queue.count = 3;
  queue.bytes = 4096;
  queue.due = 2;
  queue.in_flight = 1;
  queue.oldest_ms = 1764165332000;
  queue.kinds = {{"new", 2}, {"retry", 1}};
  hold.state = spool::State::hold;
  DestinationStats one{"", "http://h:9000", "", {}}, two{"", "http://h:9000", "soc", {}};
  one.view.state = "closed";
  one.view.delivered_ms = 1764165300000;
  two.view.state = "auth";
  const std::string text = queue_prometheus({{queue, hold}, {}, {}, {one, two}}, 1764165342500);
  CHECK(samples(text, "socbridge_queue_entries") ==
        "socbridge_queue_entries{state=\"queue\"} 3\nsocbridge_queue_entries{state=\"hold\"} 0\n");
  CHECK(samples(text, "socbridge_queue_due") == "socbridge_queue_due 2\n");
  CHECK(samples(text, "socbridge_queue_in_flight{state=\"queue\"}") ==
        "socbridge_queue_in_flight{state=\"queue\"} 1\n");
  CHECK(samples(text, "socbridge_queue_oldest") ==
        "socbridge_queue_oldest_timestamp_seconds{state=\"queue\"} 1764165332.000\n");
  CHECK(samples(text, "socbridge_queue_reasons") ==
        "socbridge_queue_reasons{state=\"queue\",kind=\"new\"} 2\n"
        "socbridge_queue_reasons{state=\"queue\",kind=\"retry\"} 1\n");
  // One server, two organisations: two series, each in one state.
  CHECK(samples(text, "socbridge_queue_destination_state")
            .find("{url=\"http://h:9000\",organisation=\"soc\",state=\"auth\"} 1\n") !=
        std::string::npos);
  CHECK(samples(text, "socbridge_queue_destination_state")
            .find("{url=\"http://h:9000\",organisation=\"\",state=\"auth\"} 0\n") !=
        std::string::npos);
  CHECK(samples(text, "socbridge_queue_destination_delivered") ==
        "socbridge_queue_destination_delivered_timestamp_seconds{url=\"http://h:9000\","
        "organisation=\"\"} 1764165300.000\n");
}

}  // namespace socbridge::relay
