// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/cortex_link.h"

#include <algorithm>

#include "base/time.h"
#include "json/writer.h"
#include "soc-sandbox/server/http_server.h"

namespace socbridge::sandbox {
namespace {

json::Document parse(const Response& response) {
  auto document = json::Document::parse(response.body);
  return document.ok() ? std::move(*document) : json::Document();
}

std::string error_of(const Response& response) {
  if (response.status == 0) return "Cortex cannot be reached";
  const json::Document document = parse(response);
  const std::string message = document.root()["message"].text();
  return message.empty() ? "Cortex answered " + std::to_string(response.status) : message;
}

std::string run_body(const Observable& observable, int pap) {
  constexpr int kHighest = 3;  // Cortex has levels 0 to 3
  json::Writer w;
  w.begin_object();
  if (observable.attachment.id.empty()) w.member("data", observable.data);
  w.member("dataType", observable.data_type);
  w.member("tlp", std::min(observable.tlp, kHighest));
  w.member("pap", std::min(pap, kHighest));
  w.member("message", observable.message);
  w.key("parameters");
  w.raw(R"({"organisation":"sandbox","user":"socbridge@sandbox.test"})");
  w.end_object();
  return std::move(w).take();
}

// The report without `summary`, which is attached to the observable (docs/protocols/thehive.md,
// "Cortex connector").
std::string kept_report(const json::Value& report, const std::string& status) {
  json::Writer w;
  w.begin_object();
  w.member("success", status == "Success");
  if (status == "Success") {
    w.key("full");
    w.raw(report["full"].missing() ? "{}" : report["full"].dump());
    w.key("artifacts");
    w.raw(report["artifacts"].is_array() ? report["artifacts"].dump() : "[]");
  } else {
    w.member("errorMessage", report["errorMessage"].string().value_or("Job failed"));
    // As received from Cortex, including keys.
    if (!report["input"].missing()) w.member("input", report["input"]);
  }
  w.end_object();
  return std::move(w).take();
}

}  // namespace

Response CortexLink::ask(std::string method, std::string_view target, std::string body,
                         std::vector<Part> parts) const {
  Request request;
  request.method = std::move(method);
  read_target(std::string(target), request);
  request.authorization = "Bearer " + std::string(key_.empty() ? "thehive" : key_.reveal());
  request.headers.emplace_back("authorization", request.authorization);
  if (!parts.empty()) {
    request.content_type = "multipart/form-data";
  } else if (!body.empty()) {
    request.content_type = "application/json";
  }
  request.body = std::move(body);
  request.parts = std::move(parts);
  return peer_(request);
}

CortexLink::CortexLink(Peer peer, Secret key, std::int64_t check_ms)
    : peer_(std::move(peer)),
      key_(std::move(key)),
      check_ms_(check_ms),
      look_(std::make_shared<Look>()) {
  if (connected()) (void)status_json();
}

std::string CortexLink::status_json() const {
  if (!connected()) return R"({"enabled":false,"status":"OK","servers":[]})";
  const std::lock_guard lock(look_->mutex);
  const std::int64_t now = wall_now_ms();
  if (look_->json.empty() || now - look_->at_ms >= check_ms_) {
    look_->json = look();
    look_->at_ms = now;
  }
  return look_->json;
}

std::string CortexLink::look() const {
  const Response about = ask("GET", "/api/status");
  const Response user = about.status == 200 ? ask("GET", "/api/user/current") : about;
  const char* status = "OK";
  if (about.status != 200) {
    status = "ERROR";
  } else if (user.status == 401 || user.status == 403) {
    status = "AUTH_ERROR";
  } else if (user.status != 200) {
    status = "ERROR";
  }
  const json::Document document = parse(about);
  const bool fine = std::string_view(status) == "OK";
  json::Writer w;
  w.begin_object();
  w.member("enabled", true);
  w.member("status", fine ? "OK" : "ERROR");
  w.key("servers");
  w.begin_array();
  w.begin_object();
  w.member("name", kServer);
  w.member("version", document.root()["versions"]["Cortex"].text());
  w.member("status", status);
  w.end_object();
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

std::vector<CortexLink::Analyzer> CortexLink::analyzers() const {
  std::vector<Analyzer> out;
  if (!connected()) return out;
  const Response response = ask("GET", "/api/analyzer?range=all");
  if (response.status != 200) return out;
  const json::Document document = parse(response);
  for (std::size_t i = 0; i < document.root().size(); ++i) {
    const json::Value one = document.root().at(i);
    Analyzer analyzer{one["id"].text(),
                      one["name"].text(),
                      one["version"].text(),
                      one["description"].text(),
                      one["analyzerDefinitionId"].text(),
                      {}};
    for (std::size_t k = 0; k < one["dataTypeList"].size(); ++k) {
      analyzer.data_types.push_back(one["dataTypeList"].at(k).text());
    }
    out.push_back(std::move(analyzer));
  }
  return out;
}

CortexLink::Started CortexLink::run(const Analyzer& analyzer, const Observable& observable,
                                    int pap) const {
  const std::string body = run_body(observable, pap);
  std::vector<Part> parts;
  if (const Attachment& file = observable.attachment; !file.id.empty()) {
    parts.push_back({"_json", "", "", body});
    parts.push_back({"data", file.name, file.content_type, file.content});
  }
  const Response response =
      ask("POST", "/api/analyzer/" + analyzer.id + "/run", body, std::move(parts));
  if (response.status != 200) return {"", "", error_of(response), response.body};
  const json::Document document = parse(response);
  return {document.root()["id"].text(), document.root()["status"].text(), "", ""};
}

bool CortexLink::states(const std::vector<std::string>& cortex_job_ids,
                        std::vector<std::string>& states) const {
  json::Writer w;
  w.begin_object();
  w.key("jobIds");
  w.begin_array();
  for (const std::string& id : cortex_job_ids) w.value(id);
  w.end_array();
  w.end_object();
  const Response response = ask("POST", "/api/job/status", w.text());
  if (response.status != 200) return false;
  const json::Document document = parse(response);
  states.clear();
  for (const std::string& id : cortex_job_ids) states.push_back(document.root()[id].text());
  return true;
}

bool CortexLink::report(const std::string& cortex_job_id, Report& out) const {
  const Response response = ask("GET", "/api/job/" + cortex_job_id + "/report");
  if (response.status != 200) return false;
  const json::Document document = parse(response);
  const json::Value report = document.root()["report"];
  out.status = document.root()["status"].text();
  out.report_json = kept_report(report, out.status);
  const json::Value taxonomies = report["summary"]["taxonomies"];
  out.taxonomies_json = taxonomies.is_array() ? taxonomies.dump() : "[]";
  return true;
}

}  // namespace socbridge::sandbox
