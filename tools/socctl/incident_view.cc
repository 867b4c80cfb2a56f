#include "incident_view.h"

#include <memory>

#include "json/writer.h"

namespace socbridge::socctl {
namespace {

std::string with_observables(const std::string& object,
                             const std::vector<thehive::ObservableInfo>& observables) {
  const auto document = json::Document::parse(object);
  json::Writer w;
  w.begin_object();
  if (document.ok()) {
    for (std::size_t i = 0; i < document->root().size(); ++i) {
      w.member(document->root().key_at(i), document->root().value_at(i));
    }
  }
  w.key("observables");
  w.begin_array();
  for (const thehive::ObservableInfo& one : observables) w.raw(one.json);
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

std::string marks(const thehive::ObservableInfo& one) {
  std::string out = one.ioc ? "ioc" : "";
  if (one.sighted) out += out.empty() ? "sighted" : ",sighted";
  return out;
}

void print_incident(const Incident& incident,
                    const std::vector<thehive::ObservableInfo>& observables, bool five_levels,
                    term::Format format, Context& context) {
  term::Records rows(format, context.out,
                     {"TYPE", "VALUE", "TLP", "MARKS", "REPORTS", "OBSERVABLE"}, write_out);
  const bool for_people = rows.format() == term::Format::table;
  if (!for_people && rows.format() != term::Format::plain) {
    rows.add({}, with_observables(incident.json, observables));
    rows.finish();
    return;
  }
  print_facts(incident.facts, rows.format(), context.out);
  if (for_people) write_out("\n");
  for (const thehive::ObservableInfo& one : observables) {
    std::vector<term::Cell> cells = {
        {one.data_type}, {one.text(), term::Style::bold}, tlp_cell(one.tlp, five_levels),
        {marks(one)},    taxonomy_cell(one.taxonomies),   {one.id, term::Style::dim}};
    if (!for_people) cells.insert(cells.begin(), {"observable"});
    rows.add(std::move(cells), {});
  }
  rows.finish("No observables.");
}

struct Options {
  std::string name, output;
  TargetFlags target;
};

ExitCode run_show(const IncidentVerb& verb, const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const Deadline deadline = Deadline::after_ms(kPatienceMs);
  const auto found = verb.find(*hive, options.name, deadline);
  if (!found.ok()) return fail(found.status());
  const auto observables = thehive::list_observables(hive->client(), found->subject, deadline);
  if (!observables.ok()) return fail(observables.status());
  print_incident(*found, *observables, hive->five_levels(deadline), *format, context);
  return ExitCode::ok;
}

}  // namespace

void add_incident_show(CLI::App& parent, Chosen& chosen, const IncidentVerb& verb) {
  CLI::App* command = parent.add_subcommand("show", verb.summary);
  auto options = std::make_shared<Options>();
  command->add_option(verb.noun, options->name, verb.names)->type_name(verb.type)->required();
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options, verb] {
    chosen.handler = [options, verb](Context& context) {
      return run_show(verb, *options, context);
    };
  });
}

}  // namespace socbridge::socctl
