// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"
#include "metrics/write_metrics.h"
#include "socctl/common/nouns.h"
#include "socctl/metrics/options.h"

namespace socbridge::socctl {
namespace {

std::string list_json(const PrometheusText::Family& family) {
  json::Writer w;
  w.begin_object();
  w.member("metric", family.name);
  w.member("type", family.type);
  w.key("labels");
  w.begin_array();
  for (const std::string& label : family.labels) w.value(label);
  w.end_array();
  w.member("help", family.help);
  w.end_object();
  return std::move(w).take();
}

ExitCode run_list(const std::string& output, Context& context) {
  const auto format = output_format(output);
  if (!format.ok()) return fail(format.status());
  term::Records records(*format, context.out, {"METRIC", "TYPE", "LABELS", "MEANING"}, write_out);
  for (const PrometheusText::Family& family : metrics::all_families()) {
    std::string labels;
    for (const std::string& label : family.labels) labels += (labels.empty() ? "" : ", ") + label;
    records.add({{family.name}, {family.type}, {labels.empty() ? "-" : labels}, {family.help}},
                list_json(family));
  }
  records.finish();
  return ExitCode::ok;
}

}  // namespace

void add_metrics_list(Command& metrics, Chosen& chosen) {
  Command* command = metrics.add_subcommand("list", "List every metric and its meaning");
  auto output = std::make_shared<std::string>();
  add_output_option(*command, *output);
  command->callback([&chosen, output] {
    chosen.handler = [output](Context& context) { return run_list(*output, context); };
  });
}

void add_metrics(Command& app, Chosen& chosen) {
  Command* metrics = app.add_subcommand(
      "metrics", "Count alerts, cases, observables, jobs and the queue for Prometheus");
  metrics->require_subcommand(1);
  add_metrics_write(*metrics, chosen);
  add_metrics_serve(*metrics, chosen);
  add_metrics_list(*metrics, chosen);
}

}  // namespace socbridge::socctl
