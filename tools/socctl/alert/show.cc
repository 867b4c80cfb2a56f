// SPDX-License-Identifier: Apache-2.0
#include "base/joined.h"
#include "socctl/alert/search.h"
#include "socctl/common/alert_case_view.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::socctl {
namespace {

Result<AlertOrCase> find_alert(TheHive& hive, const std::string& name, const Deadline& deadline) {
  const auto found = thehive::get_alert(hive.client(), name, deadline);
  if (!found.ok()) return found.status();
  std::string case_number;
  if (!found->case_id.empty()) {
    const auto case_info = thehive::get_case(hive.client(), found->case_id, deadline);
    case_number = case_info.ok() ? std::to_string(case_info->number) : found->case_id;
  }
  const bool five_levels = hive.five_levels(deadline);
  Facts facts = {{"alert", {found->id, term::Style::bold}},
                 {"title", {found->title, term::Style::bold}},
                 {"type", {found->type}},
                 {"source", {found->source}},
                 {"sourceRef", {found->source_ref}},
                 {"status", {found->status}},
                 {"case", {case_number}},
                 {"severity", severity_cell(found->severity)},
                 {"tlp", tlp_cell(found->tlp, five_levels)},
                 {"pap", {thehive::pap_name(found->pap)}},
                 {"assignee", {found->assignee}},
                 {"date", {format_utc(found->date_ms)}},
                 {"tags", {joined(found->tags)}}};
  return AlertOrCase{std::move(facts), found->json, thehive::Subject::alert(found->id)};
}

ExitCode show_fired(Context& context, const ShowPlace& place) {
  SearchOptions options;
  options.from = place.from;
  options.profile = place.profile;
  options.output = place.output;
  options.indexer.ids = {place.name};
  return show_indexed(context, std::move(options));
}

}  // namespace

void add_alert_show(Command& alert, Chosen& chosen) {
  add_show_verb(
      alert, chosen,
      {"alert", "ALERT", "Id (~123), type;source;sourceRef, or sourceRef",
       "Show one alert with its observables and the results of analyzers", find_alert, show_fired});
}

}  // namespace socbridge::socctl
