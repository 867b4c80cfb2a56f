// SPDX-License-Identifier: Apache-2.0
#include "thehive/cases.h"

#include "base/text.h"
#include "json/writer.h"
#include "thehive/json_fields.h"
#include "thehive/promotion.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

template <typename Info>
void read_common(const json::Value& v, Info& out) {
  out.id = v["_id"].text();
  out.title = v["title"].text();
  out.status = v["status"].text();
  out.stage = v["stage"].text();
  out.assignee = v["assignee"].text();
  constexpr int kMedium = 2;
  out.severity = int_field(v, "severity", kMedium);
  out.tlp = int_field(v, "tlp", kMedium);
  out.pap = int_field(v, "pap", kMedium);
  out.tags = text_list(v["tags"]);
  out.created_ms = time_field(v["_createdAt"]);
  out.json = v.dump();
}

// After a promotion or merge: the case in the answer, or the case that the alert now belongs to.
Result<Imported> imported(Client& client, const AlertInfo& alert, const std::string& what,
                          const http::Outcome& outcome, const Deadline& deadline) {
  const auto answer = accepted(what, outcome);
  if (answer.ok()) {
    CaseInfo case_info = read_case(answer->root());
    if (!case_info.id.empty() && case_info.number > 0) return Imported{std::move(case_info), false};
  } else if (!outcome.ambiguous()) {
    return answer.status();
  }
  const auto now = get_alert(client, alert.id, deadline);
  if (!now.ok() || now->case_id.empty()) return answer.ok() ? now.status() : answer.status();
  auto case_info = get_case(client, now->case_id, deadline);
  if (!case_info.ok()) return case_info.status();
  return Imported{std::move(*case_info), false};
}

// Works also if the key may not see the case of the alert.
Result<Imported> where_it_is(Client& client, const AlertInfo& alert, const Deadline& deadline) {
  auto case_info = get_case(client, alert.case_id, deadline);
  if (!case_info.ok()) return case_info.status();
  return Imported{std::move(*case_info), true};
}

Status no_alert(std::string_view name) {
  return Status::error(ExitCode::refused, "TheHive has no alert " + printable(name, 100),
                       "see socctl alert list");
}

Result<AlertInfo> by_source_ref(Client& client, std::string_view ref, const Deadline& deadline) {
  const Query query = Query("listAlert")
                          .where(filter::is("sourceRef", ref))
                          .sort("date", Order::descending)
                          .page(0, 2);
  const auto answer = client.query("socctl-alert-by-ref", query.text(), deadline);
  if (!answer.ok()) return answer.status();
  if (answer->root().size() == 0) return no_alert(ref);
  if (answer->root().size() > 1) {
    return Status::error(ExitCode::usage,
                         "several alerts have the sourceRef " + printable(ref, 100),
                         "name one by its id (~123) or as type;source;sourceRef");
  }
  return read_alert(answer->root().at(0));
}

}  // namespace

CaseInfo read_case(const json::Value& v) {
  CaseInfo out;
  read_common(v, out);
  out.number = v["number"].integer().value_or(0);
  out.start_ms = time_field(v["startDate"]);
  out.end_ms = time_field(v["endDate"]);
  return out;
}

AlertInfo read_alert(const json::Value& v) {
  AlertInfo out;
  read_common(v, out);
  out.type = v["type"].text();
  out.source = v["source"].text();
  out.source_ref = v["sourceRef"].text();
  out.case_id = v["caseId"].text();
  out.date_ms = time_field(v["date"]);
  out.observable_count = v["observableCount"].integer().value_or(0);
  if (out.status.empty()) {  // version 4
    out.status = !out.case_id.empty() ? "Imported" : flag_field(v, "read") ? "Ignored" : "New";
  }
  return out;
}

Result<CaseInfo> get_case(Client& client, std::string_view name, const Deadline& deadline) {
  std::string_view id = trim(name);
  if (!id.empty() && id.front() == '#') id.remove_prefix(1);
  const bool is_id = !id.empty() && id.front() == '~';
  if (!is_id && !parse_u64(id)) {
    return Status::error(ExitCode::usage, "\"" + printable(name, 60) + "\" is not a case",
                         "give its number (42) or its id (~123)");
  }
  const Subject subject = Subject::of_case(std::string(id));
  const auto answer = client.send("reading " + subject.text(), "GET", subject.path(), {}, deadline);
  if (!answer.ok()) return answer.status();
  return read_case(answer->root());
}

Result<AlertInfo> get_alert(Client& client, std::string_view name, const Deadline& deadline) {
  const std::string_view id = trim(name);
  if (id.empty()) return Status::error(ExitCode::usage, "the alert's name is empty");
  const bool by_ref = id.front() != '~' && id.find(';') == std::string_view::npos;
  if (by_ref) return by_source_ref(client, id, deadline);
  const Subject subject = Subject::alert(std::string(id));
  const auto answer = client.send("reading " + subject.text(), "GET", subject.path(), {}, deadline);
  if (!answer.ok()) return answer.status();
  return read_alert(answer->root());
}

Result<Imported> promote(Client& client, const AlertInfo& alert, std::string_view case_template,
                         const Deadline& deadline) {
  if (!alert.case_id.empty()) return where_it_is(client, alert, deadline);
  const Subject subject = Subject::alert(alert.id);
  json::Writer w;
  w.begin_object();
  if (!case_template.empty()) w.member("caseTemplate", case_template);
  w.end_object();
  const http::Outcome outcome = client.perform("POST", subject.path("case"), w.text(), deadline);
  return imported(client, alert, "promoting " + subject.text(), outcome, deadline);
}

Result<Imported> merge(Client& client, const AlertInfo& alert, const CaseInfo& case_info,
                       bool quietly, const Deadline& deadline) {
  const Subject subject = Subject::alert(alert.id);
  if (alert.case_id == case_info.id) return Imported{case_info, true};
  if (!alert.case_id.empty()) {
    const auto where = where_it_is(client, alert, deadline);
    const std::string number =
        where.ok() ? std::to_string(where->case_info.number) : printable(alert.case_id, 40);
    return Status::error(ExitCode::refused, subject.text() + " is in case " + number + " already",
                         "an alert can belong to one case only");
  }
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  if (quietly && !version->at_least(5, 4)) {
    return Status::error(
        ExitCode::refused,
        "TheHive " + version->version + " cannot merge an alert without its description",
        "this needs TheHive 5.4.9 or later");
  }
  const std::string path = quietly ? subject.path("import/" + http::url_encode(case_info.id))
                                   : merge_path(alert.id, case_info.id, version->api);
  const http::Outcome outcome = client.perform("POST", path, {}, deadline);
  return imported(client, alert, "merging " + subject.text(), outcome, deadline);
}

}  // namespace socbridge::thehive
