// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "soc-sandbox/monitoring_products.h"
#include "soc-sandbox/opensearch/filter_path.h"
#include "soc-sandbox/opensearch/opensearch_state.h"
#include "soc-sandbox/server/fixtures.h"
#include "soc-sandbox/server/http_server.h"
#include "soc-sandbox/server/pattern.h"

namespace socbridge::sandbox {
namespace {

// docs/sandbox.md describes the members.
constexpr std::string_view kDefaults = R"json({
  "version": "2.19.6", "distribution": "opensearch", "status": "green", "nodes": 1,
  "unassigned_shards": 0, "other_shards": 6, "disk_used_percent": 41,
  "watermarks": {"low": "85%", "high": "90%", "flood_stage": "95%"},
  "settings": {"persistent": {}, "transient": {}}, "blocks": {"global": [], "indices": {}},
  "indices": [
    {"name": "wazuh-alerts-4.x-{today}", "health": "green", "docs": 1843, "age_s": 4},
    {"name": "wazuh-monitoring-2026.48w", "health": "green", "docs": 672, "age_s": 300},
    {"name": "wazuh-statistics-2026.48w", "health": "green", "docs": 2016, "age_s": 120}],
  "search_timed_out": false, "levels": {"3": 61, "5": 20, "7": 9, "10": 4, "12": 1},
  "agents": {"web-01": 48, "dc-01": 31, "wazuh-01": 16}, "finding_levels": {"low": 12, "high": 3},
  "finding_agents": {"web-02": 9, "web-01": 6}, "statistics": [
    {"apiName": "default", "cluster": "false", "analysisd": {
      "events_received": 1203412, "events_processed": 1203400, "events_dropped": 7,
      "alerts_queue_usage": 0.02, "event_queue_usage": 0, "syscheck_queue_usage": 0.25}},
    {"apiName": "default", "cluster": "false", "remoted": {
      "queue_size": 13107, "total_queue_size": 131072, "discarded_count": 2}}], "denied": []
})json";

// A parameter of the query string; empty if missing.
std::string parameter(const Request& request, std::string_view name) {
  for (const std::string_view pair : split(request.query, '&')) {
    const std::size_t equal = pair.find('=');
    if (pair.substr(0, equal) != name) continue;
    return equal == std::string_view::npos ? "" : percent_decode(pair.substr(equal + 1));
  }
  return {};
}

bool fits(std::string_view name, std::string_view pattern) {
  if (!pattern.ends_with('*')) return name == pattern;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

Response error(int status, std::string_view type, const std::string& reason) {
  json::Writer w;
  w.begin_object();
  w.key("error");
  w.begin_object();
  w.key("root_cause");
  w.begin_array();
  w.begin_object();
  w.member("type", type);
  w.member("reason", reason);
  w.end_object();
  w.end_array();
  w.member("type", type);
  w.member("reason", reason);
  w.end_object();
  w.member("status", status);
  w.end_object();
  return json_response(status, std::move(w).take());
}

class OpenSearch final : public Product {
 public:
  OpenSearch(Secret key, SocFacts facts) : key_(std::move(key)), facts_(std::move(facts)) {}

  Response handle(const Request& request, const Fault&, const StopSignal&) override {
    // The security plug-in's answer, which is not JSON.
    if (!has_password(request, key_)) {
      Response refused = text_response(401, "Unauthorized");
      refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"OpenSearch Security\"");
      return refused;
    }
    Response answer = route(request);
    const std::string patterns = parameter(request, "filter_path");
    if (!patterns.empty()) answer.body = filter_path(answer.body, patterns);
    return answer;
  }

  Response injected(const Fault& fault) const override {
    return error(fault.status, "cluster_block_exception", "Injected by a fault rule");
  }

 private:
  Response route(const Request& request) const {
    std::vector<std::string> captures;
    const auto at = [&](const char* method, const char* pattern) {
      return request.method == method && match_path(pattern, request.segments, 0, captures);
    };
    if (at("GET", "")) return about();
    if (at("GET", "_cluster/health")) return allowed("cluster:monitor/health", &OpenSearch::health);
    if (at("GET", "_cat/allocation"))
      return allowed("cluster:monitor/nodes/stats", &OpenSearch::disks);
    if (at("GET", "_cluster/settings") || at("GET", "_cluster/state/blocks")) {
      if (facts_.denies("cluster:monitor/state")) return denied("cluster:monitor/state");
      if (request.segments.back() == "blocks") return json_response(200, state_.blocks_json());
      return json_response(200,
                           state_.settings_json(parameter(request, "flat_settings") == "true",
                                                parameter(request, "include_defaults") == "true"));
    }
    if (at("GET", "_cat/indices/{}")) {
      if (facts_.denies("indices:monitor/stats")) return denied("indices:monitor/stats");
      return indices(captures[0], parameter(request, "h"));
    }
    if (at("POST", "_msearch")) {
      if (facts_.denies("indices:data/read/msearch")) return denied("indices:data/read/msearch");
      return searches(request.body);
    }
    if (at("POST", "{}/_search")) {
      if (facts_.denies("indices:data/read/search")) return denied("indices:data/read/search");
      return search(captures[0], request.body);
    }
    return error(400, "illegal_argument_exception",
                 "no handler found for uri [" + request.path + "]");
  }

  static Response denied(const std::string& what) {
    return error(403, "security_exception",
                 "no permissions for [" + what + "] and User [name=socctl, backend_roles=[]]");
  }

  Response allowed(const char* permission, Response (OpenSearch::*answer)() const) const {
    return facts_.denies(permission) ? denied(permission) : (this->*answer)();
  }

  Response about() const {
    json::Writer w;
    w.begin_object();
    w.member("name", "node-1");
    w.member("cluster_name", "wazuh-cluster");
    w.key("version");
    w.begin_object();
    if (const std::string name = facts_.text("distribution"); !name.empty())
      w.member("distribution", name);
    w.member("number", facts_.text("version"));
    w.end_object();
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  Response health() const {
    std::int64_t active = number("other_shards"), unassigned = number("unassigned_shards");
    for (const OpenSearchIndex& index : state_.indices()) {
      active += index.shards * (1 + index.replicas) - index.unassigned;
      unassigned += index.unassigned;
    }
    json::Writer w;
    w.begin_object();
    w.member("cluster_name", "wazuh-cluster");
    w.member("status", facts_.text("status"));
    w.member("timed_out", false);
    w.member("number_of_nodes", facts_["nodes"]);
    w.member("number_of_data_nodes", facts_["nodes"]);
    w.member("active_shards", active);
    w.member("relocating_shards", 0);
    w.member("initializing_shards", 0);
    w.member("unassigned_shards", unassigned);
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  Response disks() const {
    constexpr std::uint64_t kTotal = 100000000000, kPercent = kTotal / 100;
    const auto used = static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(facts_["disk_used_percent"].integer().value_or(0), 0, 100));
    json::Writer w;
    w.begin_array();
    w.begin_object();
    w.member("node", "node-1");
    w.member("disk.total", std::to_string(kTotal));
    w.member("disk.avail", std::to_string(kTotal - used * kPercent));
    w.end_object();
    w.begin_object();  // unassigned shards have a row of their own
    w.member("node", "UNASSIGNED");
    w.key("disk.total");
    w.null();
    w.key("disk.avail");
    w.null();
    w.end_object();
    w.end_array();
    return json_response(200, std::move(w).take());
  }

  // The columns of `h`; all values are text, or null if unknown for a red index.
  Response indices(const std::string& pattern, const std::string& columns) const {
    json::Writer w;
    w.begin_array();
    for (const OpenSearchIndex& index : state_.indices()) {
      if (!fits(index.name, pattern)) continue;
      w.begin_object();
      for (const std::string_view column : split(columns, ',')) write_column(w, index, column);
      w.end_object();
    }
    w.end_array();
    return json_response(200, std::move(w).take());
  }

  static void write_column(json::Writer& w, const OpenSearchIndex& index, std::string_view name) {
    const auto number = [&](std::int64_t value) { w.member(name, std::to_string(value)); };
    if (name == "index") w.member(name, index.name);
    if (name == "health") w.member(name, index.health);
    if (name == "status") w.member(name, "open");
    if (name == "pri") number(index.shards);
    if (name == "rep") number(index.replicas);
    if (name == "creation.date") number(index.created_ms);
    if (name != "docs.count") return;
    if (index.unassigned < index.shards) {
      number(index.documents);
    } else {
      w.key(name);
      w.null();
    }
  }

  // Pairs of lines: the indices, and the search. Each search has its own status.
  Response searches(const std::string& body) const {
    json::Writer w;
    w.begin_object();
    w.key("responses");
    w.begin_array();
    const std::vector<std::string_view> lines = split(body, '\n');
    for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
      const auto head = json::Document::parse(lines[i]);
      if (!head.ok()) return error(400, "json_parse_exception", head.status().message());
      const Response one = facts_.denies("indices:data/read/search")
                               ? denied("indices:data/read/search")
                               : search(head->root()["index"].text(), std::string(lines[i + 1]));
      const auto answer = json::Document::parse(one.body);
      if (!answer.ok()) return error(500, "exception", "no answer");
      w.begin_object();
      for (std::size_t k = 0; k < answer->root().size(); ++k) {
        if (answer->root().key_at(k) == "status") continue;
        w.key(answer->root().key_at(k));
        w.raw(answer->root().value_at(k).dump());
      }
      w.member("status", one.status);
      w.end_object();
    }
    w.end_array();
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  // Counts of alerts or findings by level or agent, from the facts with these names.
  void aggregate(json::Writer& w, json::Value wanted) const {
    if (!wanted.is_object()) return;
    w.key("aggregations");
    w.begin_object();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::string field = wanted.value_at(i)["terms"]["field"].text();
      const bool by_level = field.ends_with("rule.level"), finding = field.starts_with("wazuh.");
      const json::Value counts = facts_[by_level ? (finding ? "finding_levels" : "levels")
                                                 : (finding ? "finding_agents" : "agents")];
      w.key(wanted.key_at(i));
      w.begin_object();
      w.member("doc_count_error_upper_bound", 0);
      w.member("sum_other_doc_count", 0);
      w.key("buckets");
      w.begin_array();
      for (std::size_t k = 0; k < counts.size(); ++k) {
        w.begin_object();
        w.key("key");
        w.raw(by_level && !finding ? std::string(counts.key_at(k)) : json::quote(counts.key_at(k)));
        w.member("doc_count", counts.value_at(k).integer().value_or(0));
        w.end_object();
      }
      w.end_array();
      w.end_object();
    }
    w.end_object();
  }

  Response search(const std::string& pattern, const std::string& body) const {
    const auto question = json::Document::parse(body.empty() ? "{}" : body);
    if (!question.ok()) {
      return error(400, "json_parse_exception", question.status().message());
    }
    const json::Value sort = question->root()["sort"].at(0);
    const std::string field(sort.is_object() ? sort.key_at(0) : "timestamp");
    const json::Value range = question->root()["query"]["range"][field];
    const std::int64_t latest = range["lte"].integer().value_or(INT64_MAX);
    const std::int64_t after = range["gt"].integer().value_or(INT64_MIN);
    Found found;
    for (const OpenSearchIndex& index : state_.indices()) {
      if (!fits(index.name, pattern)) continue;
      if (state_.refuses_reads(index.name)) {
        return error(403, "cluster_block_exception",
                     "index [" + index.name + "] blocked by: [FORBIDDEN/7/index read (api)];");
      }
      found.total += index.shards;
      found.unassigned += index.unassigned;
      found.failed += index.failed;
      found.documents += index.unassigned < index.shards ? index.documents : 0;
      const bool readable = index.unassigned + index.failed < index.shards;
      if (!readable || index.documents == 0) continue;
      if (index.newest_ms > latest || index.newest_ms <= after) continue;
      if (index.newest_ms > found.newest_ms) {
        found.newest_ms = index.newest_ms;
        found.index = index.name;
      }
    }
    if (found.total > 0 && found.unassigned == found.total) {
      return error(503, "search_phase_execution_exception", "all shards failed");
    }
    return json_response(200, hits(found, field, question->root()));
  }

  struct Found {
    std::int64_t total = 0, unassigned = 0, failed = 0;  // shards
    std::int64_t newest_ms = -1;                         // -1: no document
    std::int64_t documents = 0;
    std::string index;
  };

  // Unassigned shards are not counted as failed: only `successful` is lower than `total`.
  std::string hits(const Found& found, const std::string& field, json::Value question) const {
    json::Writer w;
    w.begin_object();
    w.member("took", 1);
    w.member("timed_out", facts_["search_timed_out"].boolean().value_or(false));
    w.key("_shards");
    w.begin_object();
    w.member("total", found.total);
    w.member("successful", found.total - found.unassigned - found.failed);
    w.member("skipped", 0);
    w.member("failed", found.failed);
    w.end_object();
    if (found.total > 0) aggregate(w, question["aggs"]);
    w.key("hits");
    w.begin_object();
    if (question["track_total_hits"].boolean().value_or(false)) {
      w.key("total");
      w.begin_object();
      w.member("value", found.documents);
      w.member("relation", "eq");
      w.end_object();
    }
    w.key("max_score");
    w.null();
    w.key("hits");
    w.begin_array();
    if (found.newest_ms >= 0) write_hits(w, found, field, question);
    w.end_array();
    w.end_object();
    w.end_object();
    return std::move(w).take();
  }

  // The newest document; for statistics, where parts of documents are requested, all of the facts.
  void write_hits(json::Writer& w, const Found& found, const std::string& field,
                  json::Value question) const {
    json::Writer newest;
    newest.begin_object();
    newest.member(field, format_utc(found.newest_ms));
    newest.end_object();
    std::vector<std::string> sources = {std::move(newest).take()};
    if (question["_source"].is_array()) {
      sources.clear();
      const json::Value all = facts_["statistics"];
      for (std::size_t i = 0; i < all.size(); ++i) sources.push_back(all.at(i).dump());
    }
    for (const std::string& source : sources) {
      w.begin_object();
      w.member("_index", found.index);
      w.member("_id", "Zk3vJ5YBq0xL7mPn1aRt");
      w.key("_score");
      w.null();
      w.key("_source");
      w.raw(source);
      w.key("sort");
      w.begin_array();
      w.value(found.newest_ms);
      w.end_array();
      w.end_object();
    }
  }

  std::int64_t number(std::string_view name) const { return facts_[name].integer().value_or(0); }

  Secret key_;
  SocFacts facts_;
  OpenSearchState state_{facts_};
};

}  // namespace

Result<std::unique_ptr<Product>> make_opensearch(const ProductSettings& settings) {
  auto facts = SocFacts::load(kDefaults, settings.data_file);
  if (!facts.ok()) return facts.status();
  return std::unique_ptr<Product>(new OpenSearch(settings.key, std::move(*facts)));
}

}  // namespace socbridge::sandbox
