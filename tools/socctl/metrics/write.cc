// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/privileged_files.h"
#include "base/text.h"
#include "metrics/kept_state.h"
#include "metrics/write_metrics.h"
#include "socctl/metrics/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  MetricsOptions metrics;
  std::string file;
};

// Degraded if some products answered; the first failure if none did.
ExitCode code_of(const metrics::Snapshot& snapshot) {
  const auto failed = [](const metrics::Scrape& one) { return !one.status.ok(); };
  const auto& scrapes = snapshot.scrapes;
  if (std::none_of(scrapes.begin(), scrapes.end(), failed)) return ExitCode::ok;
  if (!std::all_of(scrapes.begin(), scrapes.end(), failed)) return ExitCode::degraded;
  return scrapes.front().status.code();
}

// With the rights of the caller, since the caller named the file.
std::string last_state(Env& env, const std::string& file) {
  auto state = metrics::read_state(env, file);
  if (state.ok()) return std::move(*state);
  warn("the counts of " + printable(file, 300) + " start again: " + state.status().line());
  return {};
}

ExitCode run_write(const Options& options, Context& context) {
  if (options.file.empty()) {
    return fail(Status::error(ExitCode::usage, "the name of the file is empty",
                              "examples: DIR/socbridge.prom, or - for standard output"));
  }
  const bool to_stdout = options.file == "-";
  if (!to_stdout) {
    if (Status bad = check_output(context.env, options.file); !bad.ok()) return fail(bad);
  }
  const std::string state = to_stdout ? std::string() : last_state(context.env, options.file);
  const auto found =
      find_metrics_sources(context.env, options.metrics, to_stdout ? std::string() : options.file);
  if (!found.ok()) return fail(found.status());
  metrics::Exporter exporter((*found)->sources);
  exporter.resume(state);
  if (to_stdout) exporter.collects_once();
  const metrics::Snapshot snapshot =
      exporter.collect((*found)->timeout_ms, metrics::Amount::everything);
  warn_of_failures(snapshot);
  std::string text = metrics::write_metrics(snapshot, PrometheusText::Style::prometheus);
  if (to_stdout) {
    write_out(text);
    return code_of(snapshot);
  }
  text = metrics::with_state(std::move(text), exporter.state());
  if (const Status bad = replace_kept(context.env, options.file, text, Readers::all); !bad.ok()) {
    return fail(bad);
  }
  return code_of(snapshot);
}

}  // namespace

void add_metrics_write(Command& metrics, Chosen& chosen) {
  Command* command = metrics.add_subcommand(
      "write", "Poll once and write a file for Prometheus' textfile collector");
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "file", options->file,
          "The file, replaced atomically, such as DIR/socbridge.prom; - is standard output")
      ->type_name("FILE")
      ->required();
  options->metrics.add_to(*command);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_write(*options, context); };
  });
}

}  // namespace socbridge::socctl
