// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"
#include "soc-sandbox/monitoring_products.h"
#include "soc-sandbox/server/fixtures.h"
#include "soc-sandbox/server/pattern.h"

namespace socbridge::sandbox {
namespace {

constexpr std::string_view kToken = "eyJhbGciOiJFUzUxMiJ9.sandbox.token";

constexpr std::string_view kDefaults = R"json({
  "version": "4.14.1",
  "daemons": {"wazuh-agentlessd": "stopped", "wazuh-analysisd": "running", "wazuh-apid": "running",
    "wazuh-authd": "running", "wazuh-clusterd": "stopped", "wazuh-csyslogd": "stopped",
    "wazuh-db": "running", "wazuh-dbd": "stopped", "wazuh-execd": "running",
    "wazuh-integratord": "running", "wazuh-logcollector": "running", "wazuh-maild": "stopped",
    "wazuh-modulesd": "running", "wazuh-monitord": "running", "wazuh-remoted": "running",
    "wazuh-reportd": "stopped", "wazuh-syscheckd": "running"},
  "agents": {"active": 41, "disconnected": 3, "never_connected": 2, "pending": 0, "total": 46},
  "stats": [
    {"timestamp": "2026-01-31T08:00:00+00:00", "uptime": "2026-01-30T08:00:00+00:00",
      "name": "wazuh-analysisd", "metrics": {
        "bytes": {"received": 104857600},
        "eps": {"available_credits": 0, "events_dropped": 5, "seconds_over_limit": 1},
        "events": {"processed": 1203400, "received": 1203412, "received_breakdown": {
          "dropped_breakdown": {"agent": 0, "modules_breakdown": {"syscheck": 4, "logcollector_breakdown": {"others": 3}}}}},
        "queues": {"alerts": {"size": 16384, "usage": 0.02}, "syscheck": {"size": 16384, "usage": 0.25}}}},
    {"timestamp": "2026-01-31T08:00:00+00:00", "uptime": "2026-01-30T08:00:00+00:00",
      "name": "wazuh-remoted", "metrics": {
        "messages": {"received_breakdown": {"discarded": 2, "event": 1203414}},
        "queues": {"received": {"size": 131072, "usage": 13107}}, "tcp_sessions": 41}}],
  "denied": []
})json";

Response problem(int status, std::string_view title, std::string_view detail) {
  json::Writer w;
  w.begin_object();
  w.member("title", title);
  w.member("detail", detail);
  w.end_object();
  return json_response(status, std::move(w).take());
}

class WazuhApi final : public Product {
 public:
  WazuhApi(Secret key, SocFacts facts) : key_(std::move(key)), facts_(std::move(facts)) {}

  Response handle(const Request& request, const Fault&, const StopSignal&) override {
    std::vector<std::string> captures;
    const auto at = [&](const char* method, const char* pattern) {
      return request.method == method && match_path(pattern, request.segments, 0, captures);
    };
    if (at("POST", "security/user/authenticate")) {
      if (!has_password(request, key_)) return problem(401, "Unauthorized", "Invalid credentials");
      return data("token", json::quote(kToken));
    }
    if (!has_bearer(request, Secret(std::string(kToken))))
      return problem(401, "Unauthorized", "No authorization token provided");
    if (at("GET", "")) return data("api_version", facts_["version"].dump());
    if (at("GET", "manager/status")) {
      if (facts_.denies("manager:read")) {
        return problem(403, "Permission Denied", "Permission denied: Resource type: *:*");
      }
      return data("affected_items", "[" + facts_["daemons"].dump() + "]");
    }
    if (at("GET", "agents/summary/status")) {
      json::Writer w;
      w.begin_object();
      w.key("connection");
      w.raw(facts_["agents"].dump());
      w.end_object();
      return whole("data", std::move(w).take());
    }
    // Since Wazuh 4.4.
    if (at("GET", "manager/daemons/stats") && facts_["stats"].is_array()) {
      return data("affected_items", facts_["stats"].dump());
    }
    return problem(404, "Not Found", "The requested URL was not found on the server");
  }

  Response injected(const Fault& fault) const override {
    return problem(fault.status, "Injected", "Injected by a fault rule");
  }

 private:
  static Response data(std::string_view member, const std::string& value) {
    return whole("data", "{" + json::quote(member) + ":" + value + "}");
  }

  static Response whole(std::string_view member, const std::string& value) {
    json::Writer w;
    w.begin_object();
    w.key(member);
    w.raw(value);
    w.member("error", 0);
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  Secret key_;
  SocFacts facts_;
};

}  // namespace

Result<std::unique_ptr<Product>> make_wazuh_api(const ProductSettings& settings) {
  auto facts = SocFacts::load(kDefaults, settings.data_file);
  if (!facts.ok()) return facts.status();
  return std::unique_ptr<Product>(new WazuhApi(settings.key, std::move(*facts)));
}

}  // namespace socbridge::sandbox
