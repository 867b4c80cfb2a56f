// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/kept_files.h"
#include "metrics/write_metrics.h"
#include "socctl/metrics/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  MetricsOptions metrics;
  std::string file;
};

// Degraded if some answered; the first failure if none did.
ExitCode code_of(const metrics::Snapshot& snapshot) {
  const auto failed = [](const metrics::Scrape& one) { return !one.status.ok(); };
  const auto& scrapes = snapshot.scrapes;
  if (std::none_of(scrapes.begin(), scrapes.end(), failed)) return ExitCode::ok;
  if (!std::all_of(scrapes.begin(), scrapes.end(), failed)) return ExitCode::degraded;
  return scrapes.front().status.code();
}

ExitCode run_write(const Options& options, Context& context) {
  const bool to_stdout = options.file == "-";
  const auto found =
      find_metrics_sources(context.env, options.metrics, to_stdout ? std::string() : options.file);
  if (!found.ok()) return fail(found.status());
  const metrics::Snapshot snapshot = metrics::collect((*found)->sources, (*found)->timeout_ms);
  warn_of_failures(snapshot);
  const std::string text = metrics::write_metrics(snapshot, Exposition::Style::prometheus);
  if (to_stdout) {
    write_out(text);
  } else if (const Status bad = replace_kept(context.env, options.file, text, Readers::all);
             !bad.ok()) {
    return fail(bad);
  }
  return code_of(snapshot);
}

}  // namespace

void add_metrics_write(Command& metrics, Chosen& chosen) {
  Command* command = metrics.add_subcommand(
      "write", "Ask once and write a file for Prometheus' textfile collector");
  auto options = std::make_shared<Options>();
  command
      ->add_option("file", options->file,
                   "The file, replaced at once, such as DIR/socbridge.prom; - is standard output")
      ->type_name("FILE")
      ->required();
  options->metrics.add_to(*command);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_write(*options, context); };
  });
}

}  // namespace socbridge::socctl
