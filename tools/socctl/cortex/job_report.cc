// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "socctl/cortex/options.h"
#include "socctl/cortex/view.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  std::vector<std::string> ids;
  std::string output;
};

// Adds a row for each taxonomy and artifact; a job without any has one row with the reason.
void add_rows(term::Records& records, const cortex::Job& job) {
  const auto row = [&](const char* kind, term::Cell level, const std::string& name,
                       const std::string& value) {
    level.text = level.text.empty() ? "-" : level.text;
    const term::Style style = level.style;
    records.add({{job.id}, {job.analyzer}, {kind}, std::move(level), {name}, {value, style}}, {});
  };
  for (const cortex::Taxonomy& t : job.taxonomies) {
    row("taxonomy", {cortex::level_text(t.level), level_style(t.level)},
        t.space + ":" + t.predicate, t.value);
  }
  if (job.taxonomies.empty()) {
    row("status", {{}, status_style(job.status)}, cortex::job_status_name(job.status),
        job.summary());
  }
  for (const cortex::Artifact& a : job.artifacts) {
    row("artifact", {{}, term::Style::dim}, a.type, a.value);
  }
}

ExitCode run_report(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto ids = read_ids(options.ids);
  if (!ids.ok()) return fail(ids.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  term::Records records(*format, context.out, {"JOB", "ANALYZER", "KIND", "LEVEL", "NAME", "VALUE"},
                        write_out);
  const bool rows = records.for_people() || records.format() == term::Format::plain;
  ExitCode code = ExitCode::ok;
  for (const std::string& id : *ids) {
    const auto job = (*link)->client.report(id, (*link)->deadline());
    if (job.ok()) learn_levels(context.env, **link, {}, *job);
    if (!job.ok()) {
      code = fail(job.status());
      if (code != ExitCode::refused) break;
      continue;
    }
    if (rows) {
      add_rows(records, *job);
    } else {
      records.add({}, job->json);
    }
    if (job->status != cortex::JobStatus::success && code == ExitCode::ok)
      code = ExitCode::degraded;
  }
  records.finish();
  return code;
}

}  // namespace

void add_cortex_job_report(Command& job, Chosen& chosen) {
  Command* command = job.add_subcommand(
      "report", "Print reports: taxonomies and artifacts; complete ones with -o json");
  auto options = std::make_shared<Options>();
  command->add_option("id", options->ids, "Jobs; - for ids on standard input")->required();
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_report(*options, context); };
  });
}

}  // namespace socbridge::socctl
