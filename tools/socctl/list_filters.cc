#include "list_filters.h"

#include "reconcile/moment.h"
#include "thehive/query.h"
#include "thehive_session.h"

namespace socbridge::socctl {
void ListFilters::add_to(CLI::App& command, const char* things) {
  const std::string of = std::string(" ") + things;
  command
      .add_option("--status", statuses, "Only" + of + " with this status, such as New; repeatable")
      ->type_name("STATUS")
      ->allow_extra_args(false);
  command.add_flag("--open", open, "Only" + of + " that are not closed");
  command
      .add_option("--severity", severity, "Only" + of + " at least this severe: low to critical")
      ->type_name("LEVEL");
  command.add_option("--tag", tags, "Only" + of + " with this tag; repeatable, all must be there")
      ->type_name("TAG")
      ->allow_extra_args(false);
  command.add_option("--assignee", assignee, "Only" + of + " of this user")->type_name("LOGIN");
  command
      .add_option("--since", since,
                  "Only" + of + " from this time on: 90m, 24h, 7d, or 2026-01-31T08:00:00Z")
      ->type_name("TIME");
  command.add_option("--limit", limit, "How many at most (default 50)")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 10000));
}

Result<std::vector<std::string>> ListFilters::filters(std::string_view date_field,
                                                      UnixMillis now) const {
  namespace filter = thehive::filter;
  std::vector<std::string> out;
  if (!statuses.empty()) out.push_back(filter::in("status", statuses));
  if (open) out.push_back(filter::none_of(filter::is("stage", "Closed")));
  if (!severity.empty()) {
    const auto level = severity_option("--severity", severity);
    if (!level.ok()) return level.status();
    out.push_back(filter::at_least("severity", *level));
  }
  for (const std::string& tag : tags) out.push_back(filter::in("tags", {tag}));
  if (!assignee.empty()) out.push_back(filter::is("assignee", assignee));
  if (!since.empty()) {
    const auto from = reconcile::parse_moment(since, now);
    if (!from.ok()) {
      return Status::error(ExitCode::usage, "--since: " + from.status().message(),
                           from.status().hint());
    }
    out.push_back(filter::at_least(date_field, *from));
  }
  return out;
}

}  // namespace socbridge::socctl
