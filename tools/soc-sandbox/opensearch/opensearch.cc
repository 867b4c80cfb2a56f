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

// docs/sandbox.md has the members.
constexpr std::string_view kDefaults = R"json({
  "version": "2.19.6", "distribution": "opensearch", "status": "green", "nodes": 1,
  "unassigned_shards": 0, "other_shards": 6, "disk_used_percent": 41,
  "watermarks": {"low": "85%", "high": "90%", "flood_stage": "95%"},
  "settings": {"persistent": {}, "transient": {}}, "blocks": {"global": [], "indices": {}},
  "indices": [
    {"name": "wazuh-alerts-4.x-{today}", "health": "green", "docs": 1843, "age_s": 4},
    {"name": "wazuh-monitoring-2026.48w", "health": "green", "docs": 672, "age_s": 300},
    {"name": "wazuh-statistics-2026.48w", "health": "green", "docs": 2016, "age_s": 120}],
  "search_timed_out": false, "denied": []
})json";

// A parameter of the query string; empty if it is not there.
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
    // What the security plug-in says, which is no JSON.
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
    w.begin_object();  // shards without a place have a row of their own
    w.member("node", "UNASSIGNED");
    w.key("disk.total");
    w.null();
    w.key("disk.avail");
    w.null();
    w.end_object();
    w.end_array();
    return json_response(200, std::move(w).take());
  }

  // The columns of `h`; all values are text, and null for what a red index does not know.
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

  Response search(const std::string& pattern, const std::string& body) const {
    const auto question = json::Document::parse(body.empty() ? "{}" : body);
    if (!question.ok()) {
      return error(400, "json_parse_exception", question.status().message());
    }
    const json::Value sort = question->root()["sort"].at(0);
    const std::string field(sort.is_object() ? sort.key_at(0) : "timestamp");
    const std::int64_t latest =
        question->root()["query"]["range"][field]["lte"].integer().value_or(INT64_MAX);
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
      const bool readable = index.unassigned + index.failed < index.shards;
      if (!readable || index.documents == 0 || index.newest_ms > latest) continue;
      if (index.newest_ms > found.newest_ms) {
        found.newest_ms = index.newest_ms;
        found.index = index.name;
      }
    }
    if (found.total > 0 && found.unassigned == found.total) {
      return error(503, "search_phase_execution_exception", "all shards failed");
    }
    return json_response(200, hits(found, field));
  }

  struct Found {
    std::int64_t total = 0, unassigned = 0, failed = 0;  // shards
    std::int64_t newest_ms = -1;                         // -1: no document
    std::string index;
  };

  // Shards without a place are not among the failed: only `successful` is short of `total`.
  std::string hits(const Found& found, const std::string& field) const {
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
    w.key("hits");
    w.begin_object();
    w.key("max_score");
    w.null();
    w.key("hits");
    w.begin_array();
    if (found.newest_ms >= 0) {
      w.begin_object();
      w.member("_index", found.index);
      w.member("_id", "Zk3vJ5YBq0xL7mPn1aRt");
      w.key("_score");
      w.null();
      w.key("_source");
      w.begin_object();
      w.member(field, format_utc(found.newest_ms));
      w.end_object();
      w.key("sort");
      w.begin_array();
      w.value(found.newest_ms);
      w.end_array();
      w.end_object();
    }
    w.end_array();
    w.end_object();
    w.end_object();
    return std::move(w).take();
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
