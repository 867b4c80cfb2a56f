// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "json/writer.h"
#include "soc-sandbox/monitoring_products.h"
#include "soc-sandbox/server/fixtures.h"
#include "soc-sandbox/server/pattern.h"

namespace socbridge::sandbox {
namespace {

constexpr std::string_view kDefaults = R"json({
  "version": "11.2.0", "database": "ok",
  "data_sources": [
    {"uid": "os1", "name": "OpenSearch", "type": "grafana-opensearch-datasource", "status": "OK",
     "message": "Data source is working"},
    {"uid": "prom1", "name": "Prometheus", "type": "prometheus", "status": "OK",
     "message": "Successfully queried the Prometheus API."}],
  "dashboards": [
    {"uid": "d21565", "title": "Wazuh", "gnetId": 21565, "tags": []},
    {"uid": "d22448", "title": "Wazuh alerts", "gnetId": 22448, "tags": []},
    {"uid": "d22449", "title": "Wazuh agents", "gnetId": 22449, "tags": []},
    {"uid": "d22450", "title": "Wazuh integrity", "gnetId": 22450, "tags": []},
    {"uid": "d22451", "title": "Wazuh threats", "gnetId": 22451, "tags": []},
    {"uid": "d22453", "title": "Wazuh vulnerabilities", "gnetId": 22453, "tags": []},
    {"uid": "socbridge", "title": "Bridge", "gnetId": null, "tags": ["socbridge"]}],
  "denied": []
})json";

Response message(int status, const std::string& text) {
  json::Writer w;
  w.begin_object();
  w.member("message", text);
  w.end_object();
  return json_response(status, std::move(w).take());
}

class Grafana final : public Product {
 public:
  Grafana(Secret key, SocFacts facts) : key_(std::move(key)), facts_(std::move(facts)) {}

  Response handle(const Request& request, const Fault&, const StopSignal&) override {
    std::vector<std::string> captures;
    const auto at = [&](const char* pattern) {
      return request.method == "GET" && match_path(pattern, request.segments, 0, captures);
    };
    if (at("api/health")) return health();
    if (!has_bearer(request, key_)) return message(401, "Invalid API key");
    if (at("api/datasources")) return sources();
    if (at("api/datasources/uid/{}/health")) return source_health(captures[0]);
    if (at("api/search")) return search();
    if (at("api/dashboards/uid/{}")) return dashboard(captures[0]);
    return message(404, "Not found");
  }

  Response injected(const Fault& fault) const override {
    return message(fault.status, "Injected by a fault rule");
  }

 private:
  static Response denied(const std::string& permission) {
    json::Writer w;
    w.begin_object();
    w.member("accessErrorId", "ACE4711000815");
    w.member("message",
             "You'll need additional permissions to perform this action. Permissions needed: " +
                 permission);
    w.member("title", "Access denied");
    w.end_object();
    return json_response(403, std::move(w).take());
  }

  Response health() const {
    json::Writer w;
    w.begin_object();
    w.member("commit", "0000000000");
    w.member("database", facts_.text("database"));
    w.member("version", facts_.text("version"));
    w.end_object();
    return json_response(facts_.text("database") == "ok" ? 200 : 503, std::move(w).take());
  }

  Response sources() const {
    if (facts_.denies("datasources:read")) return denied("datasources:read");
    const json::Value all = facts_["data_sources"];
    json::Writer w;
    w.begin_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json::Value one = all.at(i);
      w.begin_object();
      w.member("id", static_cast<std::int64_t>(i + 1));
      for (const char* name : {"uid", "name", "type"}) w.member(name, one[name].text());
      w.end_object();
    }
    w.end_array();
    return json_response(200, std::move(w).take());
  }

  Response source_health(const std::string& uid) const {
    const json::Value all = facts_["data_sources"];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json::Value one = all.at(i);
      if (one["uid"].text() != uid) continue;
      if (!one["status"]) return message(404, "Not found");  // a plug-in without a test
      json::Writer w;
      w.begin_object();
      w.member("message", one["message"].text());
      w.member("status", one["status"].text());
      w.end_object();
      return json_response(one["status"].text() == "OK" ? 200 : 400, std::move(w).take());
    }
    return message(404, "Data source not found");
  }

  Response search() const {
    const json::Value all = facts_["dashboards"];
    json::Writer w;
    w.begin_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json::Value one = all.at(i);
      w.begin_object();
      w.member("id", static_cast<std::int64_t>(i + 1));
      w.member("uid", one["uid"].text());
      w.member("title", one["title"].text());
      w.member("type", "dash-db");
      w.key("tags");
      w.value(one["tags"]);
      w.end_object();
    }
    w.end_array();
    return json_response(200, std::move(w).take());
  }

  Response dashboard(const std::string& uid) const {
    const json::Value all = facts_["dashboards"];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json::Value one = all.at(i);
      if (one["uid"].text() != uid) continue;
      json::Writer w;
      w.begin_object();
      w.key("dashboard");
      w.begin_object();
      w.member("uid", uid);
      w.member("title", one["title"].text());
      w.member("gnetId", one["gnetId"]);
      w.end_object();
      w.key("meta");
      w.raw(R"({"type":"db"})");
      w.end_object();
      return json_response(200, std::move(w).take());
    }
    return message(404, "Dashboard not found");
  }

  Secret key_;
  SocFacts facts_;
};

}  // namespace

Result<std::unique_ptr<Product>> make_grafana(const ProductSettings& settings) {
  auto facts = SocFacts::load(kDefaults, settings.data_file);
  if (!facts.ok()) return facts.status();
  return std::unique_ptr<Product>(new Grafana(settings.key, std::move(*facts)));
}

}  // namespace socbridge::sandbox
