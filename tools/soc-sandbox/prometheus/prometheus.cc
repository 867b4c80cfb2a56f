// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"
#include "soc-sandbox/monitoring_products.h"
#include "soc-sandbox/server/fixtures.h"
#include "soc-sandbox/server/pattern.h"

namespace socbridge::sandbox {
namespace {

constexpr std::string_view kDefaults = R"json({
  "version": "2.53.2", "ready": true,
  "targets": [
    {"labels": {"job": "prometheus", "instance": "localhost:9090"}, "health": "up",
     "lastError": ""},
    {"labels": {"job": "node", "instance": "wazuh-01:9100"}, "health": "up", "lastError": ""}],
  "rules": [
    {"name": "InstanceDown", "type": "alerting", "state": "inactive", "health": "ok",
     "query": "up == 0"}]
})json";

Response failed(int status, const std::string& text) {
  json::Writer w;
  w.begin_object();
  w.member("status", "error");
  w.member("errorType", "unavailable");
  w.member("error", text);
  w.end_object();
  return json_response(status, std::move(w).take());
}

class Prometheus final : public Product {
 public:
  explicit Prometheus(SocFacts facts) : facts_(std::move(facts)) {}

  Response handle(const Request& request, const Fault&, const StopSignal&) override {
    std::vector<std::string> captures;
    const auto at = [&](const char* pattern) {
      return request.method == "GET" && match_path(pattern, request.segments, 0, captures);
    };
    if (at("-/healthy")) return text_response(200, "Prometheus Server is Healthy.\n");
    if (at("-/ready")) {
      const bool ready = facts_["ready"].boolean().value_or(true);
      return ready ? text_response(200, "Prometheus Server is Ready.\n")
                   : text_response(503, "Service Unavailable");
    }
    if (at("api/v1/status/buildinfo")) return data("version", facts_["version"].dump());
    if (at("api/v1/targets")) return data("activeTargets", facts_["targets"].dump());
    if (at("api/v1/rules")) return rules();
    return text_response(404, "404 page not found\n");
  }

  Response injected(const Fault& fault) const override {
    return failed(fault.status, "Injected by a fault rule");
  }

 private:
  static Response data(std::string_view member, const std::string& value) {
    json::Writer w;
    w.begin_object();
    w.member("status", "success");
    w.key("data");
    w.begin_object();
    w.key(member);
    w.raw(value);
    w.end_object();
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  Response rules() const {
    json::Writer w;
    w.begin_array();
    if (facts_["rules"].size() > 0) {
      w.begin_object();
      w.member("name", "soc");
      w.member("file", "/etc/prometheus/rules.yml");
      w.member("rules", facts_["rules"]);
      w.end_object();
    }
    w.end_array();
    return data("groups", std::move(w).take());
  }

  SocFacts facts_;
};

}  // namespace

Result<std::unique_ptr<Product>> make_prometheus(const ProductSettings& settings) {
  auto facts = SocFacts::load(kDefaults, settings.data_file);
  if (!facts.ok()) return facts.status();
  return std::unique_ptr<Product>(new Prometheus(std::move(*facts)));
}

}  // namespace socbridge::sandbox
