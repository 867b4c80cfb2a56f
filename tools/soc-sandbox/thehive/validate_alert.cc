// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "soc-sandbox/thehive/constants.h"
#include "soc-sandbox/thehive/validate.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kName = 32, kReference = 128, kTitle = 512, kStatus = 64, kLogin = 128;
constexpr int kHighestSeverity = 4, kHighestPap = 3;

std::size_t longest_link(const Version& version) {
  constexpr std::size_t kOld = 512, kNew = 4096;
  return version >= Version{5, 7, 3} ? kNew : kOld;
}

// A member that must be an array if present.
json::Value array_of(Fields& fields, const char* name) {
  const json::Value value = fields[name];
  if (!fields.has(name)) return {};
  if (!value.is_array()) fields.invalid(name, "object", "must be an array", "[InputObservable]");
  return value.is_array() ? value : json::Value();
}

template <typename T, typename V>
void take(T& target, const std::optional<V>& value) {
  if (value) target = *value;
}

std::optional<ApiError> read_lists(Fields& fields, const Rules& rules, AlertInput& out) {
  const char* list = rules.v0 ? "artifacts" : "observables";
  const json::Value observables = array_of(fields, list);
  const json::Value procedures = rules.v0 ? json::Value() : array_of(fields, "procedures");
  if (!fields.ok()) return fields.error();
  for (std::size_t i = 0; i < observables.size(); ++i) {
    const std::string prefix = std::string(list) + "[" + std::to_string(i) + "].";
    if (auto wrong = read_observables(observables.at(i), rules, prefix, out.observables)) {
      return wrong;
    }
  }
  const std::size_t given = out.observables.size();
  drop_repeated(out.observables);
  // Until 4.1.4 one repeated observable made the complete alert fail (docs/protocols/thehive.md,
  // "Duplicates").
  if (rules.version < Version{4, 1, 5} && out.observables.size() != given) {
    return create_error("Observable already exists");
  }
  for (std::size_t i = 0; i < procedures.size(); ++i) {
    const std::string prefix = "procedures[" + std::to_string(i) + "].";
    Procedure procedure;
    if (auto wrong = read_procedure(procedures.at(i), rules, prefix, procedure)) return wrong;
    out.procedures.push_back(std::move(procedure));
  }
  return std::nullopt;
}

void update_tags(Fields& fields, std::vector<std::string>& tags) {
  if (fields.version() < Version{5, 1, 0}) return;
  for (const std::string& tag : fields.tags("addTags").value_or(std::vector<std::string>())) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  for (const std::string& tag : fields.tags("removeTags").value_or(std::vector<std::string>())) {
    std::erase(tags, tag);
  }
}

std::optional<ApiError> update_record(Fields& fields, const Rules& rules, Record& record,
                                      bool is_alert) {
  take(record.title, fields.text("title", 1, kTitle));
  take(record.description, fields.text("description", 0, kMegabyte));
  read_common(fields, record);
  update_tags(fields, record.tags);
  if (!fields.ok()) return fields.error();
  if (fields.has("customFields")) {
    std::vector<CustomFieldValue> values;
    if (auto wrong = read_custom_fields(fields["customFields"], rules, values)) return wrong;
    if (fields["customFields"].is_array()) record.custom_fields.clear();
    for (CustomFieldValue& value : values) {
      std::erase_if(record.custom_fields, [&](const auto& v) { return v.name == value.name; });
      record.custom_fields.push_back(std::move(value));
    }
  }
  record.updated = rules.now;
  record.stage = stage_of(record.status);
  return check_names(rules, record, is_alert);
}

}  // namespace

int highest_tlp(const Version& version) { return version >= Version{5, 2, 0} ? 4 : 3; }

void read_common(Fields& fields, Record& record) {
  take(record.severity, fields.choice("severity", 1, kHighestSeverity));
  take(record.tlp, fields.choice("tlp", 0, highest_tlp(fields.version())));
  take(record.pap, fields.choice("pap", 0, kHighestPap));
  take(record.tags, fields.tags("tags"));
  take(record.flag, fields.flag("flag"));
  if (fields.version().v4()) return;
  take(record.summary, fields.text("summary", 0, kMegabyte));
  take(record.status, fields.text("status", 1, kStatus));
  if (fields.version() >= Version{5, 2, 0}) {
    take(record.assignee, fields.text("assignee", 1, kLogin));
  }
}

std::optional<ApiError> check_names(const Rules& rules, const Record& record, bool is_alert) {
  const bool known = is_alert ? is_alert_status(record.status) : is_case_status(record.status);
  if (!known) {
    return not_found(std::string(is_alert ? "AlertStatus " : "CaseStatus ") + record.status +
                     " not found");
  }
  if (!record.assignee.empty() && record.assignee != kUserLogin) {
    return not_found("User " + record.assignee + " not found");
  }
  // Version 4 ignores an unknown template (docs/protocols/thehive.md, "TheHive 4 requests").
  if (!record.case_template.empty() && !rules.version.v4() &&
      rules.tables.case_templates().count(record.case_template) == 0) {
    return not_found("CaseTemplate " + record.case_template + " not found");
  }
  return std::nullopt;
}

std::optional<ApiError> read_alert(const json::Value& body, const Rules& rules, AlertInput& out) {
  Fields fields(body, rules.version);
  Alert& alert = out.alert;
  alert.type = fields.required_text("type", 1, kName);
  alert.source = fields.required_text("source", 1, kName);
  alert.source_ref = fields.required_text("sourceRef", 1, kReference);
  alert.title = fields.required_text("title", 1, kTitle);
  alert.description = fields.required_text("description", 0, kMegabyte);
  take(alert.external_link, fields.text("externalLink", 1, longest_link(rules.version)));
  take(alert.case_template, fields.text("caseTemplate", 1, kReference));
  alert.date = fields.integer("date").value_or(rules.now);
  if (rules.version.v4() && !rules.v0 && !fields.has("date")) fields.missing("date");
  alert.created = rules.now;
  read_common(fields, alert);
  if (!fields.ok()) return fields.error();
  alert.stage = stage_of(alert.status);
  if (auto wrong = check_names(rules, alert, true)) return wrong;
  if (rules.version.v4() && rules.tables.case_templates().count(alert.case_template) == 0) {
    alert.case_template.clear();  // unknown ones are ignored there
  }
  const char* custom = rules.version.v4() && !rules.v0 ? "customFieldValue" : "customFields";
  if (fields.has(custom)) {
    if (auto wrong = read_custom_fields(fields[custom], rules, alert.custom_fields)) return wrong;
  }
  if (rules.version.v4() && !rules.v0) return std::nullopt;  // no lists there
  return read_lists(fields, rules, out);
}

std::optional<ApiError> update_alert(const json::Value& body, const Rules& rules, Alert& alert) {
  Fields fields(body, rules.version);
  take(alert.type, fields.text("type", 1, kName));
  take(alert.source, fields.text("source", 1, kName));
  take(alert.source_ref, fields.text("sourceRef", 1, kReference));
  take(alert.external_link, fields.text("externalLink", 1, longest_link(rules.version)));
  take(alert.date, fields.integer("date"));
  fields.integer("lastSyncDate");
  take(alert.follow, fields.flag("follow"));
  return update_record(fields, rules, alert, true);
}

std::optional<ApiError> update_case(const json::Value& body, const Rules& rules, Case& item) {
  Fields fields(body, rules.version);
  take(item.start_date, fields.integer("startDate"));
  take(item.end_date, fields.integer("endDate"));
  // Statuses of version 4; update_record() has those of version 5.
  const auto old = fields.version().v4() ? fields.text("status", 1, kStatus) : std::nullopt;
  if (old == "Resolved" || old == "Duplicated") {
    item.status = *old == "Resolved" ? "TruePositive" : "Duplicated";
    item.stage = "Closed";
  } else if (old == "Open") {
    item.status = item.stage = "New";
  }
  return update_record(fields, rules, item, false);
}

}  // namespace socbridge::sandbox
