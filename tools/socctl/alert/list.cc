// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "socctl/alert/search.h"
#include "socctl/common/list_filters.h"
#include "socctl/common/thehive_session.h"
#include "thehive/query.h"

namespace socbridge::socctl {
namespace {

struct Options {
  TargetFlags target;
  ListFilters filters;
  std::vector<std::string> types, sources;
  std::string from, output;
};

// The alerts in the indexer, as fired by Wazuh.
ExitCode list_indexed(const Options& options, Context& context) {
  const ListFilters& filters = options.filters;
  if (filters.open || !filters.statuses.empty() || !filters.tags.empty() ||
      !filters.severity.empty() || !filters.assignee.empty() || !options.types.empty() ||
      !options.sources.empty()) {
    return fail(Status::error(ExitCode::usage,
                              "with --from indexer only --since and --limit are allowed",
                              "socctl alert search has --rule, --agent, --level and --query"));
  }
  SearchOptions search;
  search.from = options.from;
  search.since = filters.since;
  search.profile = options.target.flags.config_file;
  search.output = options.output;
  search.limit = static_cast<std::size_t>(filters.limit);
  return search_indexer(search, context);
}

Result<std::vector<std::string>> filters_of(const Options& options, thehive::ApiVersion version) {
  auto out = options.filters.filters(ListFilters::Of::alerts, version, wall_now_ms());
  if (!out.ok()) return out;
  if (!options.types.empty()) out->push_back(thehive::filter::in("type", options.types));
  if (!options.sources.empty()) out->push_back(thehive::filter::in("source", options.sources));
  return out;
}

ExitCode run_list(const Options& options, Context& context) {
  if (!options.from.empty()) return list_indexed(options, context);
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const auto version = hive->client().version(Deadline::after_ms(kTimeoutMs));
  if (!version.ok()) return fail(version.status());
  const auto filters = filters_of(options, version->api);
  if (!filters.ok()) return fail(filters.status());
  term::Records records(
      *format, context.out,
      {"ALERT", "DATE", "SEVERITY", "OBSERVABLES", "STATUS", "SOURCEREF", "TITLE"}, write_out);
  const Status listed = thehive::for_each(
      hive->client(),
      {"socctl-alert-list",
       thehive::Query("listAlert")
           .where(thehive::filter::all(*filters))
           .sort("date", thehive::Order::descending),
       static_cast<std::uint64_t>(options.filters.limit)},
      [&](json::Value value) {
        const thehive::AlertInfo alert = thehive::read_alert(value);
        records.add({{alert.id, term::Style::bold},
                     {format_utc(alert.date_ms)},
                     severity_cell(alert.severity),
                     {std::to_string(alert.observable_count)},
                     {alert.status},
                     {alert.source_ref},
                     {alert.title}},
                    alert.json);
        return true;
      },
      Deadline::after_ms(kTimeoutMs));
  if (!listed.ok()) return fail(listed);
  records.finish("No alerts.");
  return ExitCode::ok;
}

}  // namespace

void add_alert_list(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand("list", "List the newest alerts of TheHive");
  auto options = std::make_shared<Options>();
  options->filters.add_to(*command, "alerts");
  command->add_option("--type", options->types, "Only alerts of this type; repeatable")
      ->type_name("TYPE")
      ->one_value_each();
  command->add_option("--source", options->sources, "Only alerts from this source; repeatable")
      ->type_name("SOURCE")
      ->one_value_each();
  command
      ->add_option("--from", options->from,
                   "indexer or indexer=URL: the alerts that Wazuh fired, instead of TheHive's")
      ->type_name("indexer");
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_list(*options, context); };
  });
}

}  // namespace socbridge::socctl
