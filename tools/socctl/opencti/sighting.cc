// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/text.h"
#include "context/sightings.h"
#include "json/writer.h"
#include "socctl/opencti/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  TargetChoice target;
  OpenctiFlags opencti;
  std::string output;
  std::string system = "TheHive";
  bool dry_run = false, indicators = false;
};

term::Style style_of(opencti::SightingResult result) {
  switch (result) {
    case opencti::SightingResult::created:
    case opencti::SightingResult::would_create: return term::Style::green;
    case opencti::SightingResult::present:
    case opencti::SightingResult::skipped: return term::Style::dim;
    case opencti::SightingResult::refused: return term::Style::red;
  }
  return term::Style::none;
}

std::string to_json(const opencti::Seen& seen, const opencti::Outcome& outcome) {
  json::Writer w;
  w.begin_object();
  w.member("value", seen.value.text);
  w.member("data_type", seen.value.type);
  w.member("ioc", seen.ioc);
  w.member("seen", format_utc(seen.at_ms));
  w.member("result", opencti::sighting_result_name(outcome.result));
  w.member("type", outcome.type);
  w.member("new_observable", outcome.new_observable);
  w.member("reason", outcome.reason);
  w.end_object();
  return std::move(w).take();
}

ExitCode run_sighting(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto timeout = options.opencti.timeout_ms();
  if (!timeout.ok()) return fail(timeout.status());
  if (!options.target.given()) {
    return fail(Status::error(ExitCode::usage, "give --case or --alert"));
  }
  const Deadline deadline = Deadline::after_ms(*timeout);
  auto thehive = connect_thehive(context.env, options.target);
  if (!thehive.ok()) return fail(thehive.status());
  const auto target = read_target((*thehive)->client, options.target, deadline);
  if (!target.ok()) return fail(target.status());
  const auto version = (*thehive)->client.version(deadline);
  if (!version.ok()) return fail(version.status());
  const auto link = connect_opencti(context.env, options.opencti);
  if (!link.ok()) return fail(link.status());

  opencti::SightingOptions how;
  how.dry_run = options.dry_run;
  how.create_indicators = options.indicators;
  how.five_levels = version->at_least(5, 2);
  term::Records records(*format, context.out, {"VALUE", "TYPE", "SEEN", "RESULT", "REASON"},
                        write_out);
  ExitCode code = ExitCode::ok;
  how.done = [&](const opencti::Seen& seen, const opencti::Outcome& outcome) {
    if (outcome.result == opencti::SightingResult::refused) code = ExitCode::degraded;
    records.add({{seen.value.text},
                 {outcome.type},
                 {format_utc(seen.at_ms)},
                 {opencti::sighting_result_name(outcome.result), style_of(outcome.result)},
                 {outcome.reason}},
                to_json(seen, outcome));
  };
  const Status result =
      opencti::report_sightings((*link)->client, context::seen_of(*target),
                                {options.system, target->link, target->key}, how, deadline);
  records.finish("No observable is marked as IOC or sighted.");
  return result.ok() ? code : fail(result);
}

}  // namespace

void add_opencti_sighting(Command& opencti, Chosen& chosen) {
  Command* command = opencti.add_subcommand(
      "sighting",
      "Report observables of a case or an alert that are marked as IOC or sighted to OpenCTI");
  auto options = std::make_shared<Options>();
  options->target.add_to(*command);
  command
      ->add_option("--system", options->system,
                   "Name of the system in OpenCTI for the sightings (default TheHive)")
      ->type_name("NAME");
  command->add_flag("--indicators", options->indicators,
                    "Also create an indicator for each new IOC");
  command->add_flag("--dry-run", options->dry_run, "Only print what would be reported");
  options->opencti.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_sighting(*options, context); };
  });
}

}  // namespace socbridge::socctl
