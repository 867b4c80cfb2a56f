// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "socctl/common/list_filters.h"
#include "socctl/common/thehive_session.h"
#include "thehive/query.h"

namespace socbridge::socctl {
namespace {

struct Options {
  TargetFlags target;
  ListFilters filters;
  std::string output;
};

ExitCode run_list(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const Deadline deadline = Deadline::after_ms(kTimeoutMs);
  const auto version = hive->client().version(deadline);
  if (!version.ok()) return fail(version.status());
  const auto filters = options.filters.filters(ListFilters::Of::cases, version->api, wall_now_ms());
  if (!filters.ok()) return fail(filters.status());
  const bool five_levels = hive->five_levels(deadline);
  term::Records records(
      *format, context.out,
      {"CASE", "DATE", "SEVERITY", "TLP", "STATUS", "OBSERVABLES", "ASSIGNEE", "TITLE"}, write_out);
  const Status listed = thehive::for_each(
      hive->client(),
      {"socctl-case-list",
       thehive::Query("listCase")
           .where(thehive::filter::all(*filters))
           .sort("startDate", thehive::Order::descending),
       static_cast<std::uint64_t>(options.filters.limit),
       200,
       {"observableStats"}},
      [&](json::Value value) {
        const thehive::CaseInfo one = thehive::read_case(value);
        const auto count = value.path("extraData.observableStats.total").scalar_text();
        records.add({{std::to_string(one.number), term::Style::bold},
                     {format_utc(one.start_ms)},
                     severity_cell(one.severity),
                     tlp_cell(one.tlp, five_levels),
                     {one.status},
                     {count.value_or("")},
                     {one.assignee},
                     {one.title}},
                    one.json);
        return true;
      },
      deadline);
  if (!listed.ok()) return fail(listed);
  records.finish("No cases.");
  return ExitCode::ok;
}

}  // namespace

void add_case_list(Command& parent, Chosen& chosen) {
  Command* command = parent.add_subcommand("list", "List the newest cases of TheHive");
  auto options = std::make_shared<Options>();
  options->filters.add_to(*command, "cases");
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_list(*options, context); };
  });
}

}  // namespace socbridge::socctl
