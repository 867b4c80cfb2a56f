// SPDX-License-Identifier: Apache-2.0
#include <mutex>

#include "json/writer.h"
#include "soc-sandbox/grafana/store.h"
#include "soc-sandbox/monitoring_products.h"
#include "soc-sandbox/server/fixtures.h"
#include "soc-sandbox/server/pattern.h"

namespace socbridge::sandbox {
namespace {

using grafana::message;

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
  "plugins": ["prometheus", "grafana-opensearch-datasource"],
  "catalogue": {
    "21565": "Wazuh", "22448": "Wazuh alerts", "22449": "Wazuh agents", "22450": "Wazuh integrity",
    "22451": "Wazuh threats", "22453": "Wazuh vulnerabilities"},
  "denied": []
})json";

Response denied(const std::string& permission) {
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

// A dashboard of grafana.com in export form.
std::string exported(const std::string& title) {
  json::Writer w;
  w.begin_object();
  w.key("__inputs");
  w.raw(R"([{"name":"DS_OPENSEARCH","label":"OpenSearch","type":"datasource",)"
        R"("pluginId":"grafana-opensearch-datasource"}])");
  w.key("__requires");
  w.raw("[]");
  w.key("id");
  w.null();
  w.member("title", title);
  w.member("schemaVersion", 39);
  w.key("panels");
  w.raw(R"([{"id":1,"type":"timeseries","title":"Alerts","datasource":)"
        R"({"type":"grafana-opensearch-datasource","uid":"${DS_OPENSEARCH}"}}])");
  w.end_object();
  return std::move(w).take();
}

class Grafana final : public Product {
 public:
  Grafana(Secret key, SocFacts facts)
      : key_(std::move(key)), facts_(std::move(facts)), store_(facts_) {}

  Response handle(const Request& request, const Fault&, const StopSignal&) override {
    std::vector<std::string> captures;
    if (request.method == "GET" && match_path("api/health", request.segments, 0, captures)) {
      return health();
    }
    if (!has_bearer(request, key_) && !has_password(request, key_)) {
      return message(401, "Invalid API key");
    }
    const std::lock_guard lock(mutex_);
    return request.method == "GET" ? read(request) : change(request);
  }

  Response injected(const Fault& fault) const override {
    return message(fault.status, "Injected by a fault rule");
  }

 private:
  Response health() const {
    json::Writer w;
    w.begin_object();
    w.member("commit", "0000000000");
    w.member("database", facts_.text("database"));
    w.member("version", facts_.text("version"));
    w.end_object();
    return json_response(facts_.text("database") == "ok" ? 200 : 503, std::move(w).take());
  }

  Response read(const Request& request) const {
    std::vector<std::string> captures;
    const auto at = [&](const char* pattern) {
      return match_path(pattern, request.segments, 0, captures);
    };
    if (at("api/search")) return store_.search();
    if (at("api/plugins/{}/settings")) return plugin(captures[0]);
    if (at("api/gnet/dashboards/{}")) return catalogue(captures[0], true);
    if (at("api/gnet/dashboards/{}/revisions/{}/download")) return catalogue(captures[0], false);
    if (at("api/folders/{}")) {
      return facts_.denies("folders:read") ? denied("folders:read") : store_.folder(captures[0]);
    }
    if (request.segments.size() > 1 && request.segments[1] == "datasources") {
      if (facts_.denies("datasources:read")) return denied("datasources:read");
      if (at("api/datasources")) return store_.sources();
      if (at("api/datasources/uid/{}")) return store_.source(captures[0]);
      if (at("api/datasources/name/{}")) return store_.source_named(captures[0]);
      if (at("api/datasources/uid/{}/health")) return store_.source_health(captures[0]);
    }
    if (at("api/dashboards/uid/{}")) return store_.dashboard(captures[0]);
    if (at("api/dashboards/uid/{}/versions")) {
      return facts_.denies("dashboards:write") ? denied("dashboards:write")
                                               : store_.versions(captures[0]);
    }
    return message(404, "Not found");
  }

  Response change(const Request& request) {
    const auto body = json::Document::parse(request.body);
    if (!body.ok()) return message(400, "bad request data");
    std::vector<std::string> captures;
    const auto at = [&](const char* method, const char* pattern) {
      return request.method == method && match_path(pattern, request.segments, 0, captures);
    };
    const auto unless_denied = [&](const char* permission, const auto& act) {
      return facts_.denies(permission) ? denied(permission) : act();
    };
    const json::Value root = body->root();
    if (at("POST", "api/folders")) {
      return unless_denied("folders:create", [&] { return store_.create_folder(root); });
    }
    if (at("PUT", "api/folders/{}")) {
      return unless_denied("folders:write",
                           [&] { return store_.rename_folder(captures[0], root); });
    }
    if (at("POST", "api/datasources")) {
      return unless_denied("datasources:create", [&] { return store_.create_source(root); });
    }
    if (at("PUT", "api/datasources/uid/{}")) {
      return unless_denied("datasources:write",
                           [&] { return store_.update_source(captures[0], root); });
    }
    if (at("POST", "api/dashboards/db")) {
      return unless_denied("dashboards:write", [&] {
        return store_.save_dashboard(root, has_bearer(request, key_) ? "sa-socctl" : "alice");
      });
    }
    return message(404, "Not found");
  }

  Response plugin(const std::string& id) const {
    const json::Value all = facts_["plugins"];
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all.at(i).text() != id) continue;
      json::Writer w;
      w.begin_object();
      w.member("id", id);
      w.member("type", "datasource");
      w.end_object();
      return json_response(200, std::move(w).take());
    }
    return message(404, "Plugin not found, no installed plugin with that id");
  }

  // A title in the facts stands for a dashboard with that title.
  Response catalogue(const std::string& number, bool wrapped) const {
    const json::Value entry = facts_["catalogue"][number];
    if (!entry) return message(404, "Dashboard not found");
    const std::string board = entry.is_string() ? exported(entry.text()) : entry.dump();
    if (!wrapped) return json_response(200, board);
    json::Writer w;
    w.begin_object();
    w.key("id");
    w.raw(number);
    w.member("revision", 1);
    w.key("json");
    w.raw(board);
    w.end_object();
    return json_response(200, std::move(w).take());
  }

  Secret key_;
  SocFacts facts_;
  std::mutex mutex_;  // guards store_
  grafana::Store store_;
};

}  // namespace

Result<std::unique_ptr<Product>> make_grafana(const ProductSettings& settings) {
  auto facts = SocFacts::load(kDefaults, settings.data_file);
  if (!facts.ok()) return facts.status();
  return std::unique_ptr<Product>(new Grafana(settings.key, std::move(*facts)));
}

}  // namespace socbridge::sandbox
