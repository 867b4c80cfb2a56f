// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/list_filters.h"

#include "base/text.h"
#include "reconcile/time_expression.h"
#include "socctl/common/thehive_session.h"
#include "thehive/query.h"

namespace socbridge::socctl {
void ListFilters::add_to(Command& command, const char* things) {
  const std::string of = std::string(" ") + things;
  command
      .add_option("--status", statuses, "Only" + of + " with this status, such as New; repeatable")
      ->type_name("STATUS")
      ->one_value_each();
  command.add_flag("--open", open, "Only" + of + " that are not closed");
  command
      .add_option("--severity", severity, "Only" + of + " at least this severe: low to critical")
      ->type_name("LEVEL");
  command.add_option("--tag", tags, "Only" + of + " with this tag; repeatable, all are required")
      ->type_name("TAG")
      ->one_value_each();
  command.add_option("--assignee", assignee, "Only" + of + " of this user")->type_name("LOGIN");
  command
      .add_option("--since", since,
                  "Only" + of + " from this time on: 90m, 24h, 7d, or 2026-01-31T08:00:00Z")
      ->type_name("TIME");
  command.add_option("--limit", limit, "Maximum number (default 50)")
      ->type_name("NUMBER")
      ->range(1, 10000);
}

namespace {

namespace filter = thehive::filter;

std::string alert_of_v4(bool imported, bool read) {
  return filter::all({filter::is("imported", imported), filter::is("read", read)});
}

// The filter for a status of version 4's alerts; empty: version 4 has no such status.
std::string status_of_v4(std::string_view status) {
  if (iequals(status, "New")) return alert_of_v4(false, false);
  if (iequals(status, "Ignored")) return alert_of_v4(false, true);
  return iequals(status, "Imported") ? filter::is("imported", true) : std::string();
}

}  // namespace

Status ListFilters::add_state(Of what, thehive::ApiVersion version,
                              std::vector<std::string>& out) const {
  const bool v4 = version == thehive::ApiVersion::v4;
  if (v4 && what == Of::alerts) {
    if (!assignee.empty()) {
      return Status::error(ExitCode::usage, "--assignee: alerts of TheHive 4 have no assignee",
                           "leave it out");
    }
    std::vector<std::string> any;
    for (const std::string& status : statuses) {
      any.push_back(status_of_v4(status));
      if (any.back().empty()) {
        return Status::error(ExitCode::usage,
                             "--status: alerts of TheHive 4 are New, Ignored or Imported, not \"" +
                                 printable(status, 40) + "\"");
      }
    }
    if (!any.empty()) out.push_back(filter::any(any));
    if (open) out.push_back(filter::none_of(alert_of_v4(false, true)));
    return {};
  }
  if (!statuses.empty()) out.push_back(filter::in("status", statuses));
  if (open && v4) out.push_back(filter::is("status", "Open"));
  if (open && !v4) out.push_back(filter::none_of(filter::is("stage", "Closed")));
  if (!assignee.empty()) out.push_back(filter::is("assignee", assignee));
  return {};
}

Result<std::vector<std::string>> ListFilters::filters(Of what, thehive::ApiVersion version,
                                                      UnixMillis now) const {
  std::vector<std::string> out;
  if (const Status added = add_state(what, version, out); !added.ok()) return added;
  if (!severity.empty()) {
    const auto level = severity_option("--severity", severity);
    if (!level.ok()) return level.status();
    out.push_back(filter::at_least("severity", *level));
  }
  for (const std::string& tag : tags) out.push_back(filter::in("tags", {tag}));
  if (!since.empty()) {
    const auto from = reconcile::parse_moment(since, now);
    if (!from.ok()) {
      return Status::error(ExitCode::usage, "--since: " + from.status().message(),
                           from.status().hint());
    }
    out.push_back(filter::at_least(what == Of::alerts ? "date" : "startDate", *from));
  }
  return out;
}

}  // namespace socbridge::socctl
