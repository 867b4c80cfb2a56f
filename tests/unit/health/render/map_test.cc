// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/render/render.h"
#include "unit/health/summary.h"

namespace socbridge::health {
namespace {

Report report(const std::string& component, std::vector<Check> checks) {
  return {component, component, "", "", -1, std::move(checks)};
}

Check check(const std::string& name, State state) { return {name, state, Cause::none, "d", ""}; }

// The state of the flow with this title, "" if it does not exist.
std::string flow(const std::vector<Report>& reports, const std::string& title) {
  Summary summary;
  summary.reports = reports;
  const std::string map = render_map(summary);
  const std::size_t at = map.find("<title>" + title + ":");
  if (at == std::string::npos) return {};
  const std::size_t from = map.rfind("class=\"edge ", at) + 12;
  return map.substr(from, map.find('"', from) - from);
}

}  // namespace

TEST_CASE("without any report every product and every flow is shown as not checked") {
  const std::string map = render_map({});
  std::size_t nodes = 0, edges = 0;
  for (std::size_t at = 0; (at = map.find("class=\"node skipped\"", at)) != std::string::npos; ++at)
    ++nodes;
  for (std::size_t at = 0; (at = map.find("class=\"edge skipped\"", at)) != std::string::npos; ++at)
    ++edges;
  CHECK(nodes == 7);
  CHECK(edges == 7);
  CHECK(map.find("not checked") != std::string::npos);
}

TEST_CASE("a flow has the worst state of the checks that show it") {
  const Report hive = report("thehive", {check("permissions", State::ok)});
  CHECK(flow({hive}, "Wazuh to TheHive") == "ok");
  CHECK(flow({hive, report("wazuh", {check("delivery to x", State::degraded)})},
             "Wazuh to TheHive") == "degraded");
  CHECK(flow({hive, report("wazuh", {check("integration block 2", State::unknown),
                                     check("delivery", State::ok)})},
             "Wazuh to TheHive") == "unknown");
  // Nothing is known about other checks, nor about names with the same beginning if the complete
  // name counts.
  CHECK(flow({report("wazuh", {check("log", State::degraded)})}, "Wazuh to TheHive") == "skipped");
  CHECK(flow({report("thehive", {check("permissions of x", State::degraded)})},
             "Wazuh to TheHive") == "skipped");
}

TEST_CASE("no flow from or to a component that is down") {
  const Report hive = report("thehive", {check("permissions", State::ok)});
  const Report cortex = report("cortex", {check("answer", State::down)});
  CHECK(flow({hive, cortex}, "TheHive to Cortex") == "down");
  CHECK(flow({report("thehive", {check("answer", State::down)}),
              report("cortex", {check("key", State::ok)})},
             "TheHive to Cortex") == "down");
  // A product that is not ok, but answers, does not stop it.
  CHECK(flow({hive, report("cortex", {check("answer", State::degraded), check("key", State::ok)})},
             "TheHive to Cortex") == "ok");
}

TEST_CASE("the two flows between TheHive and OpenCTI have states of their own") {
  const Report cti = report("opencti", {check("stream", State::degraded), check("key", State::ok)});
  CHECK(flow({cti}, "OpenCTI to TheHive") == "degraded");
  CHECK(flow({cti}, "TheHive to OpenCTI") == "ok");
}

TEST_CASE("a product shows its state, how fast it answered and why") {
  Report one = report("grafana", {check("data sources", State::degraded)});
  one.latency_ms = 42;
  Summary summary;
  summary.reports = {one};
  const std::string map = render_map(summary);
  CHECK(map.find("<g class=\"node degraded\"><title>Grafana: data sources: d</title>") !=
        std::string::npos);
  CHECK(map.find(">degraded, 42 ms</text>") != std::string::npos);
  summary.reports[0].latency_ms = -1;
  CHECK(render_map(summary).find(">degraded</text>") != std::string::npos);
}

TEST_CASE("a reason of hostile bytes is text, and an unknown component is ignored") {
  Summary summary;
  summary.reports = {
      report("cortex", {{"key", State::down, Cause::none, "</title><script>\x1b\"", ""}}),
      report("other", {check("x", State::down)})};
  const std::string map = render_map(summary);
  CHECK(map.find("<script>") == std::string::npos);
  CHECK(map.find('\x1b') == std::string::npos);
  summary.reports.pop_back();
  CHECK(render_map(summary) == map);
}

}  // namespace socbridge::health
