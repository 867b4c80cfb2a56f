// SPDX-License-Identifier: Apache-2.0
#include "receive/receive_metrics.h"

#include <catch2/catch.hpp>

namespace socbridge::receive {

TEST_CASE("each end of a request to a receiver, and each alert, has its own series") {
  ReceiveView view;
  view.counts = {.taken = 1, .bad = 2, .failed = 3, .accepted = 4, .filtered = 5, .counted = 6};
  view.gate = {.unauthorised = 7, .throttled = 8, .misdirected = 9};
  view.load.connections = 10;
  view.load.body_bytes = 11;
  view.load.refused = 12;
  view.started_ms = 1764165332500;
  const std::string text = receive_prometheus(view);
  for (const char* line :
       {"requests_total{result=\"taken\"} 1", "requests_total{result=\"bad\"} 2",
        "requests_total{result=\"failed\"} 3", "requests_total{result=\"unauthorised\"} 7",
        "requests_total{result=\"throttled\"} 8", "requests_total{result=\"misdirected\"} 9",
        "requests_total{result=\"refused\"} 12", "alerts_total{result=\"accepted\"} 4",
        "alerts_total{result=\"filtered\"} 5", "alerts_total{result=\"counted\"} 6",
        "connections 10", "body_bytes 11", "start_timestamp_seconds 1764165332.500"}) {
    CHECK_THAT(text, Catch::Contains("\nsocbridge_receive_" + std::string(line) + "\n"));
  }
}

TEST_CASE("a receiver that has taken nothing yet has every series") {
  const std::string text = receive_prometheus({});
  CHECK_THAT(text, Catch::Contains("requests_total{result=\"taken\"} 0\n"));
  CHECK_THAT(text, Catch::Contains("alerts_total{result=\"counted\"} 0\n"));
}

}  // namespace socbridge::receive
