// SPDX-License-Identifier: Apache-2.0
#include "socctl/cortex/options.h"
#include "socctl/cortex/view.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  std::vector<std::string> ids;
  std::string output;
};

ExitCode run_show(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto ids = read_ids(options.ids);
  if (!ids.ok()) return fail(ids.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  term::Records records(*format, context.out, job_columns(), write_out);
  ExitCode code = ExitCode::ok;
  for (const std::string& id : *ids) {
    const auto job = (*link)->client.job(id, (*link)->deadline());
    if (job.ok()) {
      records.add(job_cells(*job), job->json);
    } else {
      code = fail(job.status());
      if (code != ExitCode::refused) break;
    }
  }
  records.finish();
  return code;
}

}  // namespace

void add_cortex_job_show(Command& job, Chosen& chosen) {
  Command* command = job.add_subcommand("show", "Show jobs without their reports");
  auto options = std::make_shared<Options>();
  command->add_option("id", options->ids, "Jobs; - for ids on standard input")->required();
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_show(*options, context); };
  });
}

}  // namespace socbridge::socctl
