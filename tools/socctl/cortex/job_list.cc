// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "cortex/find_jobs.h"
#include "cortex/select.h"
#include "reconcile/time_expression.h"
#include "socctl/common/interrupt.h"
#include "socctl/cortex/options.h"
#include "socctl/cortex/view.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  std::string type, value, status, since, output;
  std::vector<std::string> analyzers;
  std::size_t limit = 50;
};

ExitCode run_list(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  cortex::JobFilter filter;
  filter.type = options.type;
  filter.value = options.value;
  if (!options.status.empty()) {
    const auto status = cortex::parse_status(options.status);
    if (!status.ok()) return fail(status.status());
    if (*status == cortex::JobStatus::deleted) {
      return fail(Status::error(ExitCode::usage, "--status: Cortex lists no deleted jobs",
                                "one of them is shown by socctl cortex job show JOB"));
    }
    filter.status = cortex::job_status_name(*status);
  }
  if (!options.since.empty()) {
    const auto since = reconcile::parse_moment(options.since, wall_now_ms());
    if (!since.ok()) {
      return fail(Status::error(ExitCode::usage, "--since: " + since.status().message(),
                                since.status().hint()));
    }
    filter.since = *since;
  }
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  if (!options.analyzers.empty()) {
    const auto all = (*link)->client.analyzers((*link)->deadline());
    if (!all.ok()) return fail(all.status());
    const auto named = cortex::select_analyzers(*all, options.analyzers);
    if (!named.ok()) return fail(named.status());
    for (const cortex::Analyzer& a : *named) filter.analyzer_ids.push_back(a.id);
  }
  catch_interrupts();
  const auto found =
      cortex::find_jobs((*link)->client, filter, options.limit, (*link)->timeout_ms, interrupted);
  if (!found.ok()) return fail(found.status());
  term::Records records(*format, context.out,
                        {"JOB", "CREATED", "STATUS", "ANALYZER", "TYPE", "VALUE", "BY"}, write_out);
  for (const cortex::Job& job : found->jobs) {
    records.add({{job.id},
                 {format_utc(job.created_ms)},
                 {cortex::job_status_name(job.status), status_style(job.status)},
                 {job.analyzer},
                 {job.type},
                 {job.value},
                 {job.label.starts_with("socctl-") ? "socctl" : "-", term::Style::dim}},
                job.json);
  }
  records.finish("No jobs.");
  if (records.for_people() && found->total > found->jobs.size()) {
    warn(std::to_string(found->total - found->jobs.size()) + " more; show them with --limit");
  }
  if (interrupted()) return ExitCode::interrupted;
  if (found->cut) {
    warn("only the newest " + std::to_string(cortex::kMaxScanned) +
         " jobs were searched; --analyzer narrows the search");
    return ExitCode::degraded;
  }
  return ExitCode::ok;
}

}  // namespace

void add_cortex_job_list(Command& job, Chosen& chosen) {
  Command* command = job.add_subcommand("list", "List jobs, newest first");
  auto options = std::make_shared<Options>();
  command->add_option("--type", options->type, "Only jobs of this data type")->type_name("TYPE");
  command->add_option("--value", options->value, "Only jobs of this observable; searches all jobs")
      ->type_name("VALUE");
  command->add_option("--analyzer", options->analyzers, "Only jobs of this analyzer; repeatable")
      ->type_name("NAME")
      ->one_value_each();
  command
      ->add_option("--status", options->status,
                   "Only jobs in this state: waiting, inprogress, success, failure")
      ->type_name("STATUS");
  command
      ->add_option("--since", options->since,
                   "Only jobs created since: 24h, 7d, 2025-03-14, ISO 8601")
      ->type_name("TIME");
  command->add_option("--limit", options->limit, "Maximum number (default 50)")
      ->type_name("NUMBER")
      ->range(1, 10000);
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_list(*options, context); };
  });
}

}  // namespace socbridge::socctl
