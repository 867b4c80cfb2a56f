// SPDX-License-Identifier: Apache-2.0
#include "wazuh/engine_load.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "wazuh/answer_count.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kMostQueues = 30, kMostNodes = 50;
constexpr const char* kRemoted = "remoted";

// Sum of all numbers of an object and its nested objects; empty if there is none. An overflow,
// which only a hostile answer can cause, wraps.
std::optional<std::uint64_t> sum_of(json::Value object) {
  if (!object.is_object()) return {};
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < object.size(); ++i) {
    const json::Value value = object.value_at(i);
    sum += value.is_object() ? sum_of(value).value_or(0) : count_of(value).value_or(0);
  }
  return sum;
}

void add_queue(std::string_view name, std::optional<double> share, EngineLoad& out) {
  constexpr double kThousand = 1000.0;
  if (!share || !(*share >= 0) || out.queues.size() >= kMostQueues) return;
  out.queues.emplace_back(name, std::llround(std::min(*share, 1.0) * kThousand));
}

std::optional<double> share_of(std::optional<double> used, std::optional<double> size) {
  if (!used || !size || !(*size > 0)) return {};
  return *used / *size;
}

// Queues of analysisd: the names in its state file and in the API.
struct QueueName {
  std::string_view in_file, in_api;
};
constexpr std::array<QueueName, 14> kQueues = {{{"alerts_queue_usage", "alerts"},
                                                {"archives_queue_usage", "archives"},
                                                {"dbsync_queue_usage", "dbsync"},
                                                {"winevt_queue_usage", "eventchannel"},
                                                {"firewall_queue_usage", "firewall"},
                                                {"hostinfo_queue_usage", "hostinfo"},
                                                {"event_queue_usage", "others"},
                                                {"rule_matching_queue_usage", "processed"},
                                                {"rootcheck_queue_usage", "rootcheck"},
                                                {"sca_queue_usage", "sca"},
                                                {"statistical_queue_usage", "stats"},
                                                {"syscheck_queue_usage", "syscheck"},
                                                {"syscollector_queue_usage", "syscollector"},
                                                {"upgrade_queue_usage", "upgrade"}}};

void read_analysisd(json::Value state, EngineLoad& out) {
  for (const QueueName& queue : kQueues) {
    add_queue(queue.in_api, state[queue.in_file].number(), out);
  }
  // Before 4.4 the counters were reset and averaged with each write of the file.
  if (state["events_edps"]) return;
  out.received = count_of(state["events_received"]);
  out.processed = count_of(state["events_processed"]);
  out.dropped = count_of(state["events_dropped"]);
}

void read_remoted(json::Value state, EngineLoad& out) {
  out.discarded = count_of(state["discarded_count"]);
  add_queue(kRemoted, share_of(state["queue_size"].number(), state["total_queue_size"].number()),
            out);
}

struct Found {
  bool analysisd = false, remoted = false;
  bool in_cluster = false;
  EngineLoad load;
};

}  // namespace

EngineLoad read_daemon_stats(json::Value items) {
  EngineLoad out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json::Value name = items.at(i)["name"], metrics = items.at(i)["metrics"];
    const json::Value queues = metrics["queues"];
    if (name.string() == "wazuh-remoted") {
      out.discarded = count_of(metrics["messages"]["received_breakdown"]["discarded"]);
      const json::Value received = queues["received"];  // in messages
      add_queue(kRemoted, share_of(received["usage"].number(), received["size"].number()), out);
    }
    if (name.string() != "wazuh-analysisd") continue;
    const json::Value events = metrics["events"];
    out.received = count_of(events["received"]);
    out.processed = count_of(events["processed"]);
    out.dropped = sum_of(events["received_breakdown"]["dropped_breakdown"]);
    const auto limit = count_of(metrics["eps"]["events_dropped"]);
    if (limit) out.dropped = out.dropped.value_or(0) + *limit;
    for (std::size_t k = 0; k < queues.size(); ++k) {
      add_queue(queues.key_at(k), queues.value_at(k)["usage"].number(), out);
    }
  }
  return out;
}

std::vector<NodeLoad> read_statistics(const std::vector<std::string>& documents) {
  std::map<std::pair<std::string, std::string>, Found> nodes;  // by node and API
  std::map<std::string, std::size_t> names;
  for (const std::string& text : documents) {
    const auto document = json::Document::parse(text);
    if (!document.ok()) continue;
    const json::Value root = document->root();
    const json::Value analysisd = root["analysisd"], remoted = root[kRemoted];
    if (!analysisd.is_object() && !remoted.is_object()) continue;
    const std::string node = root["nodeName"].string_text(), api = root["apiName"].string_text();
    const auto [at, added] = nodes.try_emplace({node.empty() ? api : node, api});
    if (added && nodes.size() > kMostNodes) {
      nodes.erase(at);
      continue;
    }
    Found& found = at->second;
    if (added) ++names[at->first.first];
    found.in_cluster = found.in_cluster || !node.empty();
    if (analysisd.is_object() && !std::exchange(found.analysisd, true)) {
      read_analysisd(analysisd, found.load);
    }
    if (remoted.is_object() && !std::exchange(found.remoted, true)) {
      read_remoted(remoted, found.load);
    }
  }
  std::vector<NodeLoad> out;
  for (auto& [name, found] : nodes) {
    const auto& [node, api] = name;
    const std::string shown = names[node] > 1 ? api + "/" + node : node;
    out.push_back({shown, found.in_cluster, std::move(found.load)});
  }
  return out;
}

}  // namespace socbridge::wazuh
