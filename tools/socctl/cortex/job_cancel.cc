// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"
#include "socctl/cortex/options.h"
#include "socctl/cortex/view.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  std::vector<std::string> ids;
  std::string output;
  bool dry_run = false;
};

ExitCode run_cancel(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto ids = read_ids(options.ids);
  if (!ids.ok()) return fail(ids.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  term::Records records(*format, context.out, {"JOB", "ANALYZER", "VALUE", "WAS", "RESULT"},
                        write_out);
  ExitCode code = ExitCode::ok;
  bool any_runs = false;
  for (const std::string& id : *ids) {
    const auto job = (*link)->client.job(id, (*link)->deadline());
    Status status = job.ok() ? Status() : job.status();
    const bool runs = job.ok() && !cortex::is_over(job->status);
    std::string result = runs ? "would be deleted, but goes on" : "would be deleted";
    if (job.ok() && job->status == cortex::JobStatus::deleted) {
      result = "is deleted already";
    } else if (job.ok() && !options.dry_run) {
      status = (*link)->client.remove(id, (*link)->deadline());
      result = runs ? "deleted, but goes on" : "deleted";
      // Cortex no longer lists the job, but still counts it.
      if (status.ok() && !runs) {
        const Status noted = note_deleted(context.env, (*link)->client.endpoint().url, *job);
        if (!noted.ok()) warn(noted.line());
      }
      any_runs = any_runs || runs;
    }
    if (!status.ok()) {
      code = fail(status);
      if (code != ExitCode::refused) break;
      continue;
    }
    json::Writer w;
    w.begin_object();
    w.member("id", job->id);
    w.member("analyzerName", job->analyzer);
    w.member("status", job->status_text);
    w.member("result", result);
    w.end_object();
    records.add({{job->id},
                 {job->analyzer},
                 {job->value},
                 {cortex::job_status_name(job->status), status_style(job->status)},
                 {result}},
                std::move(w).take());
  }
  records.finish();
  if (any_runs) {
    warn(
        "Cortex does not stop a running job: it is listed again, as Success or Failure, "
        "when its process ends");
  }
  return code;
}

}  // namespace

void add_cortex_job_cancel(Command& job, Chosen& chosen) {
  Command* command = job.add_subcommand(
      "cancel", "Delete jobs. Cortex does not stop a running one: it is listed again when it ends");
  auto options = std::make_shared<Options>();
  command->add_option("id", options->ids, "Jobs; - for ids on standard input")->required();
  command->add_flag("--dry-run", options->dry_run, "Print what would be deleted, delete nothing");
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_cancel(*options, context); };
  });
}

}  // namespace socbridge::socctl
