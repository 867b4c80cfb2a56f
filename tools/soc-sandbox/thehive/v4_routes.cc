// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/alert_routes.h"
#include "soc-sandbox/thehive/constants.h"

namespace socbridge::sandbox {
namespace {

void write_tags(json::Writer& w, const std::vector<std::string>& tags) {
  w.key("tags");
  w.begin_array();
  for (const std::string& tag : tags) w.value(tag);
  w.end_array();
}

void write_or_null(json::Writer& w, const char* name, const std::string& text) {
  w.key(name);
  if (text.empty()) {
    w.null();
  } else {
    w.value(text);
  }
}

void write_artifact(json::Writer& w, const Observable& one) {
  w.begin_object();
  w.member("_id", id_text(one.id));
  w.member("id", id_text(one.id));
  w.member("createdBy", kUserLogin);
  w.member("createdAt", one.created);
  w.member("_type", "case_artifact");
  w.member("dataType", one.data_type);
  if (one.attachment.id.empty()) w.member("data", one.data);
  w.member("startDate", one.start_date);
  w.member("tlp", one.tlp);
  write_tags(w, one.tags);
  w.member("ioc", one.ioc);
  w.member("sighted", one.sighted);
  if (!one.message.empty()) w.member("message", one.message);
  w.key("reports");
  w.raw("{}");
  w.key("stats");
  w.raw("{}");
  w.end_object();
}

void write_old_origin(json::Writer& w, const Alert& alert) {
  w.member("_id", id_text(alert.id));
  w.member("id", id_text(alert.id));
  w.member("createdBy", kUserLogin);
  write_or_null(w, "updatedBy", alert.updated == 0 ? "" : kUserLogin);
  w.member("createdAt", alert.created);
  w.key("updatedAt");
  if (alert.updated == 0) {
    w.null();
  } else {
    w.value(alert.updated);
  }
  w.member("_type", "alert");
}

// OutputAlert of the old API, as recorded from TheHive 4.1.24.
std::string old_view(const Tables& tables, const Alert& alert) {
  json::Writer w;
  w.begin_object();
  write_old_origin(w, alert);
  w.member("type", alert.type);
  w.member("source", alert.source);
  w.member("sourceRef", alert.source_ref);
  write_or_null(w, "externalLink", alert.external_link);
  write_or_null(w, "case", alert.case_id == 0 ? "" : id_text(alert.case_id));
  w.member("title", alert.title);
  w.member("description", alert.description);
  w.member("severity", alert.severity);
  w.member("date", alert.date);
  write_tags(w, alert.tags);
  w.member("tlp", alert.tlp);
  w.member("pap", alert.pap);
  w.member("status", alert.case_id == 0 ? "New" : "Imported");
  w.member("follow", alert.follow);
  w.key("customFields");
  w.begin_object();
  for (const CustomFieldValue& field : alert.custom_fields) {
    w.key(field.name);
    w.raw("{" + json::quote(field.type) + ":" + field.value_json +
          ",\"order\":" + std::to_string(field.order) + "}");
  }
  w.end_object();
  write_or_null(w, "caseTemplate", alert.case_template);
  w.key("artifacts");
  w.begin_array();
  for (const Id id : alert.children.observables) write_artifact(w, *tables.observable(id));
  w.end_array();
  w.key("similarCases");
  w.raw("[]");
  w.end_object();
  return std::move(w).take();
}

Response show(Context& context, const std::string& name, int status) {
  return context.store.read([&](const Tables& tables) {
    const Alert* alert = tables.alert_by(name);
    if (alert == nullptr) return no_such(context, "Alert", name).response();
    return json_response(status, old_view(tables, *alert));
  });
}

Response post_alert(Context& context) {
  const Created created = create_alert(context, true);
  return created.error ? created.error->response() : show(context, id_text(created.id), 201);
}

// Returns the case in the old form; only some members are needed here.
Response merge(Context& context) {
  const Response merged = merge_alert(context);
  if (merged.status != 200) return merged;
  const auto document = json::Document::parse(merged.body);
  json::Writer w;
  w.begin_object();
  w.member("_id", document->root()["_id"]);
  w.member("id", document->root()["_id"]);
  w.member("_type", "case");
  w.member("caseId", document->root()["number"]);
  w.member("title", document->root()["title"]);
  w.end_object();
  return json_response(200, std::move(w).take());
}

Response get_alert(Context& context) { return show(context, context.captures[0], 200); }

constexpr Route kRoutes[] = {
    {"POST", "api/alert", post_alert, Access::key, Body::json, 4},
    {"GET", "api/alert/{}", get_alert, Access::key, Body::none, 4},
    {"DELETE", "api/alert/{}", remove_alert, Access::key, Body::none, 4},
    {"POST", "api/alert/{}/merge/{}", merge, Access::key, Body::none, 4},
};

}  // namespace

std::span<const Route> v4_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
