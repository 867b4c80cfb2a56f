// SPDX-License-Identifier: Apache-2.0
#include "base/joined.h"
#include "socctl/common/alert_case_view.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::socctl {
namespace {

Result<AlertOrCase> find_case(TheHive& hive, const std::string& name, const Deadline& deadline) {
  const auto found = thehive::get_case(hive.client(), name, deadline);
  if (!found.ok()) return found.status();
  const bool five_levels = hive.five_levels(deadline);
  Facts facts = {{"case", {std::to_string(found->number), term::Style::bold}},
                 {"id", {found->id}},
                 {"title", {found->title, term::Style::bold}},
                 {"status", {found->status}},
                 {"severity", severity_cell(found->severity)},
                 {"tlp", tlp_cell(found->tlp, five_levels)},
                 {"pap", {thehive::pap_name(found->pap)}},
                 {"assignee", {found->assignee}},
                 {"started", {format_utc(found->start_ms)}},
                 {"ended", {found->end_ms == 0 ? "" : format_utc(found->end_ms)}},
                 {"tags", {joined(found->tags)}}};
  return AlertOrCase{std::move(facts), found->json, thehive::Subject::of_case(found->id)};
}

}  // namespace

void add_case_show(Command& parent, Chosen& chosen) {
  add_show_verb(parent, chosen,
                {"case", "CASE", "Number (42) or id (~123)",
                 "Show one case with its observables and the results of analyzers", find_case});
}

}  // namespace socbridge::socctl
