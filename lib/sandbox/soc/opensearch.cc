#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "sandbox/pattern.h"
#include "sandbox/soc/facts.h"
#include "sandbox/soc/products.h"

namespace socbridge::sandbox {
namespace {

// `{today}` in a name is the UTC date, `age_s` how old the newest document is.
constexpr std::string_view kDefaults = R"json({
  "version": "2.19.1", "distribution": "opensearch", "status": "green", "nodes": 1,
  "unassigned_shards": 0, "disk_used_percent": 41,
  "watermarks": {"low": "85%", "high": "90%", "flood_stage": "95%"},
  "indices": [
    {"name": "wazuh-alerts-4.x-{today}", "health": "green", "docs": 1843, "age_s": 4},
    {"name": "wazuh-monitoring-2026.48w", "health": "green", "docs": 672, "age_s": 300},
    {"name": "wazuh-statistics-2026.48w", "health": "green", "docs": 2016, "age_s": 120}],
  "denied": []
})json";

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

std::string index_name(json::Value index) {
  std::string name = text_of(index["name"]);
  constexpr std::string_view kToday = "{today}";
  if (const std::size_t at = name.find(kToday); at != std::string::npos) {
    std::string day = format_utc(wall_now_ms()).substr(0, 10);
    std::replace(day.begin(), day.end(), '-', '.');
    name.replace(at, kToday.size(), day);
  }
  return name;
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
    std::vector<std::string> captures;
    const auto at = [&](const char* method, const char* pattern) {
      return request.method == method && match_path(pattern, request.segments, 0, captures);
    };
    if (at("GET", "")) return about();
    if (at("GET", "_cluster/health")) return allowed("cluster:monitor/health", &OpenSearch::health);
    if (at("GET", "_cat/allocation"))
      return allowed("cluster:monitor/nodes/stats", &OpenSearch::disks);
    if (at("GET", "_cluster/settings"))
      return allowed("cluster:monitor/state", &OpenSearch::settings);
    if (at("GET", "_cat/indices/{}")) {
      if (facts_.denies("indices:monitor/stats")) return denied("indices:monitor/stats");
      return indices(captures[0]);
    }
    if (at("POST", "{}/_search")) {
      if (facts_.denies("indices:data/read/search")) return denied("indices:data/read/search");
      return search(captures[0]);
    }
    return error(400, "illegal_argument_exception",
                 "no handler found for uri [" + request.path + "]");
  }

  Response injected(const Fault& fault) const override {
    return error(fault.status, "cluster_block_exception", "Injected by a fault rule");
  }

 private:
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
    json::Writer w;
    w.begin_object();
    w.member("cluster_name", "wazuh-cluster");
    w.member("status", facts_.text("status"));
    w.member("timed_out", false);
    w.member("number_of_nodes", facts_["nodes"]);
    w.member("unassigned_shards", facts_["unassigned_shards"]);
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

  Response settings() const {
    json::Writer w;
    w.begin_object();
    w.key("defaults");
    w.begin_object();
    const json::Value marks = facts_["watermarks"];
    for (std::size_t i = 0; i < marks.size(); ++i) {
      w.member("cluster.routing.allocation.disk.watermark." + std::string(marks.key_at(i)),
               marks.value_at(i));
    }
    w.end_object();
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  Response indices(const std::string& pattern) const {
    const json::Value all = facts_["indices"];
    json::Writer w;
    w.begin_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string name = index_name(all.at(i));
      if (!fits(name, pattern)) continue;
      w.begin_object();
      w.member("index", name);
      w.member("health", text_of(all.at(i)["health"]));
      w.member("status", "open");
      w.member("docs.count", text_of(all.at(i)["docs"]));
      w.end_object();
    }
    w.end_array();
    return json_response(200, std::move(w).take());
  }

  Response search(const std::string& pattern) const {
    constexpr std::int64_t kMs = 1000;
    const json::Value all = facts_["indices"];
    std::int64_t newest = -1;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json::Value index = all.at(i);
      if (!fits(index_name(index), pattern) || index["docs"].integer().value_or(0) == 0) continue;
      newest = std::max(newest, wall_now_ms() - kMs * index["age_s"].integer().value_or(0));
    }
    json::Writer w;
    w.begin_object();
    w.member("took", 1);
    w.member("timed_out", false);
    w.key("hits");
    w.begin_object();
    w.key("hits");
    w.begin_array();
    if (newest >= 0) {
      w.begin_object();
      w.key("_source");
      w.begin_object();
      w.member("timestamp", format_utc(newest));
      w.end_object();
      w.key("sort");
      w.begin_array();
      w.value(newest);
      w.end_array();
      w.end_object();
    }
    w.end_array();
    w.end_object();
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  Secret key_;
  SocFacts facts_;
};

}  // namespace

Result<std::unique_ptr<Product>> make_opensearch(const ProductSettings& settings) {
  auto facts = SocFacts::load(kDefaults, settings.data_file);
  if (!facts.ok()) return facts.status();
  return std::unique_ptr<Product>(new OpenSearch(settings.key, std::move(*facts)));
}

}  // namespace socbridge::sandbox
