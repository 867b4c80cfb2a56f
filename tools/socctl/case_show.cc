#include <memory>

#include "incident_view.h"
#include "thehive/levels.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::string name, output;
  TargetFlags target;
};

ExitCode run_show(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const Deadline deadline = Deadline::after_ms(kPatienceMs);
  const auto found = thehive::get_case(hive->client(), options.name, deadline);
  if (!found.ok()) return fail(found.status());
  const auto observables =
      thehive::list_observables(hive->client(), thehive::Subject::incident(found->id), deadline);
  if (!observables.ok()) return fail(observables.status());
  const bool five_levels = hive->five_levels(deadline);
  const Facts facts = {{"case", {std::to_string(found->number), term::Style::bold}},
                       {"id", {found->id}},
                       {"title", {found->title, term::Style::bold}},
                       {"status", {found->status}},
                       {"severity", severity_cell(found->severity)},
                       {"tlp", tlp_cell(found->tlp, five_levels)},
                       {"pap", {thehive::pap_name(found->pap)}},
                       {"assignee", {found->assignee}},
                       {"started", {format_utc(found->start_ms)}},
                       {"ended", {found->end_ms == 0 ? "" : format_utc(found->end_ms)}},
                       {"tags", {joined(found->tags)}}};
  print_incident(facts, found->json, *observables, five_levels, *format, context);
  return ExitCode::ok;
}

}  // namespace

void add_case_show(CLI::App& parent, Chosen& chosen) {
  CLI::App* command = parent.add_subcommand(
      "show", "Show one case with its observables and what analyzers said of them");
  auto options = std::make_shared<Options>();
  command->add_option("case", options->name, "Number (42) or id (~123)")
      ->type_name("CASE")
      ->required();
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_show(*options, context); };
  });
}

}  // namespace socbridge::socctl
