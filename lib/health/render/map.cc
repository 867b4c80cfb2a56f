// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "health/render/render.h"

namespace socbridge::health {
namespace {

constexpr int kWidth = 580, kHeight = 384, kNodeWidth = 172, kNodeHeight = 80;

struct Node {
  std::string_view component;
  std::string_view title;
  int x, y;
};
constexpr std::array<Node, 7> kNodes = {{{"opencti", "OpenCTI", 204, 0},
                                         {"wazuh", "Wazuh", 0, 150},
                                         {"thehive", "TheHive", 204, 150},
                                         {"cortex", "Cortex", 408, 150},
                                         {"opensearch", "OpenSearch", 0, 300},
                                         {"grafana", "Grafana", 204, 300},
                                         {"prometheus", "Prometheus", 408, 300}}};

// A data flow from one product to another, with the checks that show its state. A trailing `*`
// matches any rest of a check's name.
struct Edge {
  std::string_view from, to, what;
  struct Witness {
    std::string_view component, check;
  };
  std::array<Witness, 3> witnesses;
  int shift = 0;  // to the right, if two flows connect the same products
};
constexpr int kApart = 30;
constexpr std::array<Edge, 7> kEdges = {
    {{"wazuh",
      "thehive",
      "alerts",
      {{{"wazuh", "delivery*"}, {"wazuh", "integration block*"}, {"thehive", "permissions"}}}},
     {"thehive",
      "cortex",
      "observables",
      {{{"thehive", "cortex connector"}, {"cortex", "key"}, {}}}},
     {"opencti", "thehive", "indicators", {{{"opencti", "stream"}, {}, {}}}, -kApart},
     {"thehive", "opencti", "sightings", {{{"opencti", "key"}, {}, {}}}, kApart},
     {"wazuh",
      "opensearch",
      "events",
      {{{"opensearch", "alerts index"}, {"wazuh", "indexer block"}, {}}}},
     {"opensearch", "grafana", "panels", {{{"grafana", "data sources"}, {}, {}}}},
     {"prometheus", "grafana", "metrics", {{{"grafana", "data sources"}, {}, {}}}}}};

const Report* find_report(const Summary& summary, std::string_view component) {
  for (const Report& report : summary.reports) {
    if (report.component == component) return &report;
  }
  return nullptr;
}

const Node& find_node(std::string_view component) {
  return *std::find_if(kNodes.begin(), kNodes.end(),
                       [&](const Node& node) { return node.component == component; });
}

State node_state(const Summary& summary, std::string_view component) {
  const Report* report = find_report(summary, component);
  return report == nullptr ? State::skipped : report->state();
}

// A flow has the worst state of its checks, or down if one of its products is down.
State edge_state(const Summary& summary, const Edge& edge) {
  State state = State::skipped;
  for (const Edge::Witness& witness : edge.witnesses) {
    const Report* report =
        witness.check.empty() ? nullptr : find_report(summary, witness.component);
    if (report == nullptr) continue;
    for (const Check& check : report->checks) {
      if (glob_matches(witness.check, check.name)) state = std::max(state, check.state);
    }
  }
  for (const std::string_view end : {edge.from, edge.to}) {
    if (node_state(summary, end) == State::down) state = State::down;
  }
  return state;
}

void write_edge(std::string& out, const Summary& summary, const Edge& edge) {
  const Node& from = find_node(edge.from);
  const Node& to = find_node(edge.to);
  constexpr int kGap = 6;
  int x1 = from.x + kNodeWidth / 2, y1 = from.y + kNodeHeight / 2;
  int x2 = to.x + kNodeWidth / 2, y2 = to.y + kNodeHeight / 2;
  if (from.y == to.y) {
    const int side = to.x > from.x ? 1 : -1;
    x1 += side * kNodeWidth / 2;
    x2 -= side * (kNodeWidth / 2 + kGap);
  } else {
    const int side = to.y > from.y ? 1 : -1;
    y1 += side * kNodeHeight / 2;
    y2 -= side * (kNodeHeight / 2 + kGap);
    x1 += edge.shift;
    x2 += edge.shift;
  }
  const char* state = state_name(edge_state(summary, edge));
  out += fmt::format(
      "<g class=\"edge {}\"><title>{} to {}: {}, {}</title>"
      "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" marker-end=\"url(#to-{})\"/>",
      state, from.title, to.title, edge.what, state, x1, y1, x2, y2, state);
  if (from.y != to.y) {
    const bool on_left = edge.shift < 0;
    out += fmt::format("<text x=\"{}\" y=\"{}\"{}>{}</text>", on_left ? x1 - 10 : x1 + 10,
                       (y1 + y2) / 2 + 6, on_left ? " class=\"left\"" : "", edge.what);
  }
  out += "</g>\n";
}

void write_node(std::string& out, const Summary& summary, const Node& node) {
  const Report* report = find_report(summary, node.component);
  const State state = node_state(summary, node.component);
  std::string line = report == nullptr ? std::string("not checked") : state_name(state);
  if (report != nullptr && report->latency_ms >= 0) line += ", " + latency_text(report->latency_ms);
  const std::string reason = report == nullptr ? std::string() : ": " + reason_text(*report);
  out += fmt::format(
      "<g class=\"node {}\"><title>{}{}</title>"
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"10\"/>"
      "<text class=\"name\" x=\"{}\" y=\"{}\">{}</text>"
      "<text x=\"{}\" y=\"{}\">{}</text></g>\n",
      state_name(state), node.title, escape_html(reason), node.x + 2, node.y + 2, kNodeWidth - 4,
      kNodeHeight - 4, node.x + kNodeWidth / 2, node.y + 36, node.title, node.x + kNodeWidth / 2,
      node.y + 60, escape_html(line));
}

}  // namespace

std::string render_map(const Summary& summary) {
  std::string out = fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Integration map\">\n<defs>\n", kWidth,
      kHeight);
  for (const State state :
       {State::ok, State::skipped, State::unknown, State::degraded, State::down}) {
    out += fmt::format(
        "<marker id=\"to-{0}\" class=\"{0}\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" "
        "markerWidth=\"5\" markerHeight=\"5\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/>"
        "</marker>\n",
        state_name(state));
  }
  out += "</defs>\n";
  for (const Edge& edge : kEdges) write_edge(out, summary, edge);
  for (const Node& node : kNodes) write_node(out, summary, node);
  return out + "</svg>\n";
}

}  // namespace socbridge::health
