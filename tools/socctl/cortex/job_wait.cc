// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "cortex/batch.h"
#include "socctl/common/interrupt.h"
#include "socctl/cortex/options.h"
#include "socctl/cortex/view.h"
#include "term/progress.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  std::vector<std::string> ids;
  std::string wait_limit = "5m", output;
};

ExitCode run_wait(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto wait_limit = parse_duration_ms(options.wait_limit);
  if (!wait_limit) {
    return fail(Status::error(
        ExitCode::usage, "--for: \"" + printable(options.wait_limit, 40) + "\" is not a duration",
        "examples: 30s, 5m, 1h"));
  }
  const auto ids = read_ids(options.ids);
  if (!ids.ok()) return fail(ids.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  catch_interrupts();
  term::Records records(*format, context.out, job_columns(), write_out);
  term::Progress progress("cortex wait", context.err, write_err);
  ExitCode code = ExitCode::ok;
  cortex::CollectOptions how;
  how.wait_limit_ms = *wait_limit;
  how.stop = interrupted;
  how.progress = [&](std::size_t done, std::size_t total) {
    progress.update({done, total, done, "jobs"});
  };
  how.result = [&](std::size_t, const cortex::Job& job) {
    progress.clear();
    records.add(job_cells(job), job.json);
    learn_levels(context.env, **link, {}, job);
    if (job.status != cortex::JobStatus::success) code = ExitCode::degraded;
  };
  how.lost = [&](std::size_t, const Status& status) {
    progress.clear();
    code = fail(status);
  };
  const auto unfinished = cortex::collect((*link)->options, (*link)->client.endpoint(), *ids, how);
  progress.clear();
  records.finish();
  if (!unfinished.ok()) return fail(unfinished.status());
  if (*unfinished > 0)
    warn(std::to_string(*unfinished) + " not finished after " + options.wait_limit);
  return code;
}

}  // namespace

void add_cortex_job_wait(Command& job, Chosen& chosen) {
  Command* command =
      job.add_subcommand("wait", "Wait until jobs are finished and print their results");
  auto options = std::make_shared<Options>();
  command->add_option("id", options->ids, "Jobs; - for ids on standard input")->required();
  command->add_option("--for", options->wait_limit, "Wait this long at most (default 5m)")
      ->type_name("DURATION");
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_wait(*options, context); };
  });
}

}  // namespace socbridge::socctl
