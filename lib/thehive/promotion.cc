// SPDX-License-Identifier: Apache-2.0
#include "thehive/promotion.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "json/writer.h"
#include "thehive/json_fields.h"
#include "thehive/query.h"
#include "thehive/requests.h"
#include "thehive/subject.h"

namespace socbridge::thehive {
namespace {

http::Request with_json(http::Request request, std::string body) {
  request.body = std::move(body);
  request.content_type = "application/json";
  return request;
}

// A stage also covers statuses that administrators of version 5 define.
std::string is_open(ApiVersion version) {
  if (version == ApiVersion::v4) return filter::is("status", "Open");
  return filter::any({filter::is("stage", "New"), filter::is("stage", "InProgress")});
}

}  // namespace

http::Request promote_request(const Endpoint& endpoint, const std::string& alert_id,
                              std::string_view case_template, std::int64_t timeout_ms) {
  json::Writer w;
  w.begin_object();
  if (!case_template.empty()) w.member("caseTemplate", case_template);
  w.end_object();
  return with_json(
      make_request(endpoint, "POST", Subject::alert(alert_id).path("case"), timeout_ms),
      std::move(w).take());
}

std::string merge_path(std::string_view alert_id, std::string_view case_id, ApiVersion version) {
  const std::string tail = "/merge/" + http::url_encode(case_id);
  return (version == ApiVersion::v4 ? "/api/alert/" : "/api/v1/alert/") +
         http::url_encode(alert_id) + tail;
}

http::Request merge_request(const Endpoint& endpoint, const std::string& alert_id,
                            const std::string& case_id, ApiVersion version,
                            std::int64_t timeout_ms) {
  return make_request(endpoint, "POST", merge_path(alert_id, case_id, version), timeout_ms);
}

http::Request open_case_request(const Endpoint& endpoint, std::string_view tag, ApiVersion version,
                                std::int64_t timeout_ms) {
  const Query query = Query("listAlert")
                          .where(filter::in("tags", {std::string(tag)}))
                          .to("case")
                          .where(is_open(version))
                          .sort("_createdAt", Order::descending)
                          .page(0, 1);
  return with_json(
      make_request(endpoint, "POST", "/api/v1/query?name=socbridge-open-case", timeout_ms),
      R"({"query":)" + query.text() + "}");
}

http::Request case_request(const Endpoint& endpoint, std::string_view case_id,
                           std::int64_t timeout_ms) {
  return make_request(endpoint, "GET", Subject::of_case(std::string(case_id)).path(), timeout_ms);
}

bool is_closed(const json::Value& found_case) {
  const std::string status = found_case["status"].text();
  return found_case["stage"].text() == "Closed" || status == "Resolved" || status == "Duplicated";
}

bool is_decided(const json::Value& alert) {
  if (!alert["caseId"].text().empty() || flag_field(alert, "read")) return true;
  const std::string stage = alert["stage"].text();
  return stage == "Closed" || stage == "Imported";
}

std::string lacking_to_promote(const json::Value& user, ApiVersion version) {
  const std::vector<std::string> held = text_list(user["permissions"]);
  const auto has = [&](std::string_view name) {
    return std::find(held.begin(), held.end(), name) != held.end();
  };
  std::string lacking;
  for (const std::string_view one : {"manageAlert/import", "manageCase/create"}) {
    const std::string_view whole = one.substr(0, one.find('/'));
    if (has(whole) || has(one)) continue;
    lacking += (lacking.empty() ? "" : ", ");
    lacking += version == ApiVersion::v4 ? whole : one;
  }
  return lacking;
}

}  // namespace socbridge::thehive
