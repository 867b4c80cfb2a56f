// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <vector>

#include "base/text.h"
#include "context/connector_report.h"
#include "socctl/opencti/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  OpenctiFlags opencti;
  std::string output;
  std::vector<std::string> expected;
};

term::Style style_of(opencti::Health health) {
  switch (health) {
    case opencti::Health::ok: return term::Style::green;
    case opencti::Health::degraded:
    case opencti::Health::stale: return term::Style::yellow;
    case opencti::Health::down:
    case opencti::Health::missing: return term::Style::red;
  }
  return term::Style::none;
}

ExitCode run_connectors(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto timeout = options.opencti.timeout_ms();
  if (!timeout.ok()) return fail(timeout.status());
  const auto schedules = context::read_schedules(context.env, options.opencti.flags,
                                                 profile::SystemPaths::of_process());
  if (!schedules.ok()) return fail(schedules.status());
  const auto expected = context::choose(*schedules, options.expected);
  if (!expected.ok()) return fail(expected.status());
  const auto link = connect_opencti(context.env, options.opencti);
  if (!link.ok()) return fail(link.status());
  const auto found = opencti::list_connectors((*link)->client, Deadline::after_ms(*timeout));
  if (!found.ok()) return fail(found.status());

  term::Records records(
      *format, context.out,
      {"NAME", "TYPE", "STATE", "ACTIVE", "LAST RUN", "NEXT RUN", "EVERY", "QUEUED", "REASON"},
      write_out);
  const UnixMillis now = wall_now_ms();
  const auto lines = context::report(*found, *schedules, *expected, now);
  for (const context::ConnectorLine& line : lines) {
    records.add({{line.connector.name},
                 {line.connector.type},
                 {opencti::health_name(line.verdict.health), style_of(line.verdict.health)},
                 {line.connector.id.empty() ? "" : (line.connector.active ? "yes" : "no")},
                 {line.connector.last_run_ms == 0 ? "" : format_utc(line.connector.last_run_ms)},
                 {line.connector.next_run_ms == 0 ? "" : format_utc(line.connector.next_run_ms)},
                 {line.every},
                 {line.connector.id.empty() ? "" : std::to_string(line.connector.queued)},
                 {line.verdict.reason}},
                context::to_json(line));
  }
  records.finish("No connectors.");
  if (found->workers == 0) warn("there is no worker: data of connectors waits");
  return context::exit_code_of(lines, *found);
}

}  // namespace

void add_opencti_connectors(Command& opencti, Chosen& chosen) {
  Command* command = opencti.add_subcommand(
      "connectors", "List OpenCTI's connectors and check whether they import fresh data");
  auto options = std::make_shared<Options>();
  command
      ->add_option("--expect", options->expected,
                   "Connectors that must exist and be ok, such as "
                   "mitre,alienvault,abuseipdb,virustotal; others then do not count")
      ->type_name("NAME")
      ->delimiter(',')
      ->one_value_each();
  options->opencti.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_connectors(*options, context); };
  });
}

}  // namespace socbridge::socctl
