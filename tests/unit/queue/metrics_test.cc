// SPDX-License-Identifier: Apache-2.0
#include "queue/metrics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>
#include <string>

namespace socbridge::queue {
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

namespace {

StateStats state(spool::State which, std::uint64_t count) {
  StateStats out;
  out.state = which;
  out.count = count;
  return out;
}

}  // namespace

TEST_CASE("counts of the spool have a prefix of their own, and none while they are not known") {
  QueueStats stats;
  stats.states = {state(spool::State::queue, 3)};
  CHECK(queue_prometheus(stats, 1000).find("socbridge_delivery_") == std::string::npos);
  stats.counts = spool::CountTotals{};
  stats.counts->at(static_cast<std::size_t>(spool::Counted::created)) = 7;
  const std::string text = queue_prometheus(stats, 1000);
  CHECK(samples(text, "socbridge_delivery_alerts_total{result=\"created\"}") ==
        "socbridge_delivery_alerts_total{result=\"created\"} 7\n");
  CHECK(samples(text, "socbridge_delivery_alerts_total{result=\"lost\"}") ==
        "socbridge_delivery_alerts_total{result=\"lost\"} 0\n");
}

TEST_CASE("with several destinations each has its counts and entries, and none counts twice") {
  QueueStats stats;
  stats.counts = spool::CountTotals{};
  stats.counts->at(static_cast<std::size_t>(spool::Counted::created)) = 9;
  DestinationTotals top, named, silent;
  top.counts = spool::CountTotals{};
  top.counts->at(static_cast<std::size_t>(spool::Counted::created)) = 4;
  named.name = "acme";
  named.counts = spool::CountTotals{};
  named.counts->at(static_cast<std::size_t>(spool::Counted::created)) = 5;
  named.entries = {1, 2, 3, 4};
  silent.name = "quiet";  // not counted yet
  stats.totals = {top, named, silent};
  const std::string text = queue_prometheus(stats, 1000);
  CHECK(samples(text, "socbridge_delivery_alerts_total{result=").empty());
  CHECK_THAT(text, Catch::Contains("{destination=\"acme\",result=\"created\"} 5\n"));
  CHECK_THAT(text, Catch::Contains("{destination=\"default\",result=\"created\"} 4\n"));
  CHECK_THAT(text, !Catch::Contains("{destination=\"quiet\",result="));
  CHECK(samples(text, "socbridge_queue_destination_entries{destination=\"acme\"") ==
        "socbridge_queue_destination_entries{destination=\"acme\",state=\"queue\"} 1\n"
        "socbridge_queue_destination_entries{destination=\"acme\",state=\"hold\"} 2\n"
        "socbridge_queue_destination_entries{destination=\"acme\",state=\"dead\"} 3\n"
        "socbridge_queue_destination_entries{destination=\"acme\",state=\"corrupt\"} 4\n");
}

TEST_CASE("a destination with a name has it as a label, and is in one state at a time") {
  DestinationStats one{"acme", "http://h:9000", "soc", {}};
  one.view.state = "open";
  one.view.delivered_ms = 60000;
  QueueStats stats;
  stats.destinations = {one};
  const std::string text = queue_prometheus(stats, 1000);
  const std::string states = samples(text, "socbridge_queue_destination_state");
  CHECK(states.find("destination=\"acme\",state=\"open\"} 1\n") != std::string::npos);
  CHECK(std::count(states.begin(), states.end(), '\n') == 5);
  CHECK(states.find("} 1\n") == states.rfind("} 1\n"));
  CHECK_THAT(text, Catch::Contains("organisation=\"soc\",destination=\"acme\"} 60.000\n"));
}

TEST_CASE("only queue has a number of due alerts, and no alerts no oldest one") {
  QueueStats stats;
  stats.states = {state(spool::State::dead, 2), state(spool::State::queue, 0)};
  stats.states[0].due = 2;
  const std::string text = queue_prometheus(stats, 1000);
  CHECK(samples(text, "socbridge_queue_due") == "socbridge_queue_due 0\n");
  CHECK(samples(text, "socbridge_queue_oldest").empty());
}

TEST_CASE("a kind of reason that an entry's file makes up stays one label") {
  QueueStats stats;
  stats.states = {state(spool::State::dead, 1)};
  stats.states[0].kinds = {{"a\"} 1\nb", 1}};
  const std::string text = queue_prometheus(stats, 1000);
  CHECK(samples(text, "socbridge_queue_reasons") ==
        "socbridge_queue_reasons{state=\"dead\",kind=\"a\\\"} 1\\\\nb\"} 1\n");
}

}  // namespace socbridge::queue
