// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/view.h"

#include "soc-sandbox/thehive/view_writer.h"

namespace socbridge::sandbox {
namespace {

void write_custom_fields(ViewWriter& out, const Record& record) {
  if (!out.wants("customFields")) return;
  json::Writer& w = out.writer();
  w.key("customFields");
  w.begin_array();
  for (const CustomFieldValue& field : record.custom_fields) {
    w.begin_object();
    w.member("_id", "~cf" + std::to_string(record.id) + field.name);
    w.member("name", field.name);
    w.member("type", field.type);
    w.key("value");
    w.raw(field.value_json);
    w.member("order", field.order);
    w.end_object();
  }
  w.end_array();
}

void write_alert_extra(ViewWriter& out, const Alert& alert) {
  if (!out.wants("extraData")) return;
  json::Writer& w = out.writer();
  const Case* owner = out.view().tables.find_case(alert.case_id);
  w.key("extraData");
  w.begin_object();
  if (out.wants_extra("relatedCase") && !out.view().version.v4() && owner != nullptr) {
    w.key("relatedCase");
    w.begin_object();
    w.member("_id", id_text(owner->id));
    w.member("number", owner->number);
    w.member("title", owner->title);
    w.end_object();
  }
  if (out.wants_extra("caseNumber") && owner != nullptr) w.member("caseNumber", owner->number);
  if (out.wants_extra("procedureCount")) {
    w.member("procedureCount", std::uint64_t{alert.children.procedures.size()});
  }
  if (out.wants_extra("importDate") && alert.imported != 0) w.member("importDate", alert.imported);
  if (out.wants_extra("status") && !out.view().version.v4()) {
    w.key("status");
    w.begin_object();
    w.member("value", alert.status);
    w.member("stage", alert.stage);
    w.end_object();
  }
  w.end_object();
}

void write_case_extra(ViewWriter& out, const Case& item) {
  if (!out.wants("extraData")) return;
  json::Writer& w = out.writer();
  w.key("extraData");
  w.begin_object();
  if (out.wants_extra("alertCount")) w.member("alertCount", std::uint64_t{item.alerts.size()});
  if (out.wants_extra("observableStats")) {
    w.key("observableStats");
    w.begin_object();
    w.member("total", std::uint64_t{item.children.observables.size()});
    w.end_object();
  }
  w.end_object();
}

void write_record(ViewWriter& out, const Record& record) {
  out.put("title", record.title);
  out.put("description", record.description);
  out.put("severity", record.severity);
  if (out.has_labels()) out.put("severityLabel", severity_label(record.severity));
  out.put("tags", record.tags);
  out.levels(record.tlp, record.pap);
  write_custom_fields(out, record);
  out.put_if("caseTemplate", record.case_template);
  out.put_if("summary", record.summary);
  out.put_if("assignee", record.assignee);
}

}  // namespace

void write_view(json::Writer& w, const View& view, const Alert& alert) {
  ViewWriter out(w, view);
  out.origin("alert", alert.id, alert.created, alert.updated);
  out.put("type", alert.type);
  out.put("source", alert.source);
  out.put("sourceRef", alert.source_ref);
  out.put_if("externalLink", alert.external_link);
  out.put("date", alert.date);
  out.put("follow", alert.follow);
  write_record(out, alert);
  out.put("observableCount", std::uint64_t{alert.children.observables.size()});
  if (alert.case_id != 0) out.put("caseId", id_text(alert.case_id));
  if (view.version.v4()) {
    out.put("read", alert.stage != "New");
  } else {
    out.put("status", alert.status);
    out.put("stage", alert.stage);
    out.put("newDate", alert.created);
    out.put_if("importedDate", alert.imported);
    out.put("timeToDetect", std::max(std::int64_t{0}, alert.created - alert.date));
  }
  write_alert_extra(out, alert);
}

std::string_view old_status(const Case& item) {
  return item.stage == "Closed" ? "Resolved" : "Open";
}

void write_view(json::Writer& w, const View& view, const Case& item) {
  ViewWriter out(w, view);
  out.origin("case", item.id, item.created, item.updated);
  out.put("number", item.number);
  out.put("startDate", item.start_date);
  out.put_if("endDate", item.end_date);
  out.put("flag", item.flag);
  write_record(out, item);
  if (view.version.v4()) {
    out.put("status", old_status(item));
    if (item.assignee.empty()) out.put("assignee", std::string_view(kUserLogin));
  } else {
    out.put("status", item.status);
    out.put("stage", item.stage);
    out.raw("access", R"({"_kind":"OrganisationAccessKind"})");
    out.put("newDate", item.created);
    out.put("timeToDetect", std::max(std::int64_t{0}, item.created - item.start_date));
  }
  write_case_extra(out, item);
}

}  // namespace socbridge::sandbox
