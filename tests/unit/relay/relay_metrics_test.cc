// SPDX-License-Identifier: Apache-2.0
#include "relay/relay_metrics.h"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>
#include <string>

#include "relay/delivery_times.h"

namespace socbridge::relay {
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

TEST_CASE("what a relay did, for Prometheus") {
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

TEST_CASE("a relay that did nothing yet has every series, all of them 0") {
  const std::string text = relay_prometheus({}, 1000);
  for (const char* result : {"delivered", "filtered", "postponed", "dead", "corrupt"}) {
    CHECK(text.find("alerts_total{result=\"" + std::string(result) + "\"} 0\n") !=
          std::string::npos);
  }
  CHECK(samples(text, "socbridge_relay_delivery_seconds_count") ==
        "socbridge_relay_delivery_seconds_count 0\n");
  CHECK(samples(text, "socbridge_relay_destinations_blocked") ==
        "socbridge_relay_destinations_blocked{reason=\"key_refused\"} 0\n"
        "socbridge_relay_destinations_blocked{reason=\"not_answering\"} 0\n");
}

TEST_CASE("each family of a relay has one type and one help, and begins with its prefix") {
  const std::string text = relay_prometheus({}, 1000);
  std::istringstream in(text);
  std::set<std::string> families;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# TYPE ")) {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      CHECK(families.insert(name).second);
      CHECK(text.find("# HELP " + name + " ") != std::string::npos);
      CHECK(name.starts_with("socbridge_relay_"));
    }
  }
  CHECK(families.size() == 9);
}

}  // namespace socbridge::relay
