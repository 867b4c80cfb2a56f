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
  const auto found = thehive::get_alert(hive->client(), options.name, deadline);
  if (!found.ok()) return fail(found.status());
  const auto observables =
      thehive::list_observables(hive->client(), thehive::Subject::alert(found->id), deadline);
  if (!observables.ok()) return fail(observables.status());
  std::string case_number;
  if (!found->case_id.empty()) {
    const auto incident = thehive::get_case(hive->client(), found->case_id, deadline);
    case_number = incident.ok() ? std::to_string(incident->number) : found->case_id;
  }
  const bool five_levels = hive->five_levels(deadline);
  const Facts facts = {{"alert", {found->id, term::Style::bold}},
                       {"title", {found->title, term::Style::bold}},
                       {"type", {found->type}},
                       {"source", {found->source}},
                       {"sourceRef", {found->source_ref}},
                       {"status", {found->status}},
                       {"case", {case_number}},
                       {"severity", severity_cell(found->severity)},
                       {"tlp", tlp_cell(found->tlp, five_levels)},
                       {"pap", {thehive::pap_name(found->pap)}},
                       {"assignee", {found->assignee}},
                       {"date", {format_utc(found->date_ms)}},
                       {"tags", {joined(found->tags)}}};
  print_incident(facts, found->json, *observables, five_levels, *format, context);
  return ExitCode::ok;
}

}  // namespace

void add_alert_show(CLI::App& alert, Chosen& chosen) {
  CLI::App* command = alert.add_subcommand(
      "show", "Show one alert with its observables and what analyzers said of them");
  auto options = std::make_shared<Options>();
  command->add_option("alert", options->name, "Id (~123), type;source;sourceRef, or sourceRef")
      ->type_name("ALERT")
      ->required();
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_show(*options, context); };
  });
}

}  // namespace socbridge::socctl
