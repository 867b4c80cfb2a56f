// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/alert_case_view.h"

#include <algorithm>
#include <memory>

#include "json/writer.h"
#include "socctl/analyze/rows.h"
#include "thehive/query.h"

namespace socbridge::socctl {
namespace {

// A verdict that only the report of a job contains, with its observable.
struct Hidden {
  std::string observable;
  thehive::Taxonomy verdict;
};

void write_hidden(json::Writer& w, const std::vector<Hidden>& hidden) {
  if (hidden.empty()) return;
  w.key("verdicts");
  w.begin_array();
  for (const Hidden& one : hidden) {
    w.begin_object();
    w.member("observable", one.observable);
    w.member("analyzer", one.verdict.analyzer);
    w.member("level", one.verdict.level);
    w.member("namespace", one.verdict.name_space);
    w.member("predicate", one.verdict.predicate);
    w.member("value", one.verdict.value);
    w.end_object();
  }
  w.end_array();
}

std::string with_observables(const std::string& object,
                             const std::vector<thehive::ObservableInfo>& observables,
                             const std::vector<Hidden>& hidden) {
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
  write_hidden(w, hidden);
  w.end_object();
  return std::move(w).take();
}

std::string marks(const thehive::ObservableInfo& one) {
  std::string out = one.ioc ? "ioc" : "";
  if (one.sighted) out += out.empty() ? "sighted" : ",sighted";
  return out;
}

struct Shown {
  std::vector<thehive::ObservableInfo> observables;
  std::vector<Hidden> hidden;
  bool five_levels;
};

void print_alert_or_case(const AlertOrCase& shown_item, const Shown& shown, term::Records& rows,
                         const term::Terminal& out) {
  const bool for_people = rows.format() == term::Format::table;
  if (!for_people && rows.format() != term::Format::plain) {
    rows.add({}, with_observables(shown_item.json, shown.observables, shown.hidden));
    rows.finish();
    return;
  }
  print_facts(shown_item.facts, rows.format(), out);
  if (for_people) write_out("\n");
  for (const thehive::ObservableInfo& one : shown.observables) {
    std::vector<term::Cell> cells = {
        {one.data_type}, {one.text(), term::Style::bold}, tlp_cell(one.tlp, shown.five_levels),
        {marks(one)},    taxonomy_cell(one.taxonomies),   {one.id, term::Style::dim}};
    if (!for_people) cells.insert(cells.begin(), {"observable"});
    rows.add(std::move(cells), {});
  }
  rows.finish("No observables.");
}

// Adds verdicts that only the reports of jobs contain to the observables. If the jobs cannot be
// read, the rest is still shown.
std::vector<Hidden> add_hidden(TheHive& hive, const thehive::Subject& subject,
                               std::vector<thehive::ObservableInfo>& observables,
                               const Deadline& deadline) {
  std::vector<Hidden> out;
  const auto take = [&](json::Value value) {
    const thehive::Job job = thehive::read_job(value);
    if (job.status != "Success") return true;
    const auto verdict = verdict_of(job);
    if (!verdict) return true;
    for (thehive::ObservableInfo& one : observables) {
      const bool there =
          std::any_of(one.taxonomies.begin(), one.taxonomies.end(),
                      [&](const thehive::Taxonomy& t) { return t.analyzer == verdict->analyzer; });
      if (one.id != job.observable_id || there) continue;
      one.taxonomies.push_back(*verdict);
      out.push_back({one.id, *verdict});
    }
    return true;
  };
  if (!observables.empty()) {
    static_cast<void>(thehive::for_each(
        hive.client(),
        {"socctl-jobs-of-observables", thehive::Query(subject).to("observables").to("jobs")}, take,
        deadline));
  }
  return out;
}

struct Options {
  std::string name, from, output;
  TargetFlags target;
};

ExitCode run_show(const ShowVerb& verb, const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const Deadline deadline = Deadline::after_ms(kTimeoutMs);
  const auto found = verb.find(*hive, options.name, deadline);
  if (!found.ok()) return fail(found.status());
  auto observables = thehive::list_observables(hive->client(), found->subject, deadline);
  if (!observables.ok()) return fail(observables.status());
  auto hidden = add_hidden(*hive, found->subject, *observables, deadline);
  const Shown shown{std::move(*observables), std::move(hidden), hive->five_levels(deadline)};
  term::Records rows(*format, context.out,
                     {"TYPE", "VALUE", "TLP", "MARKS", "REPORTS", "OBSERVABLE"}, write_out);
  print_alert_or_case(*found, shown, rows, context.out);
  return ExitCode::ok;
}

}  // namespace

void add_show_verb(Command& parent, Chosen& chosen, const ShowVerb& verb) {
  Command* command = parent.add_subcommand("show", verb.summary);
  auto options = std::make_shared<Options>();
  command->add_option(verb.noun, options->name, verb.names)->type_name(verb.type)->required();
  if (verb.elsewhere != nullptr) {
    command
        ->add_option("--from", options->from,
                     "indexer or indexer=URL: the alert as fired by Wazuh, instead of TheHive's")
        ->type_name("indexer");
  }
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options, verb] {
    chosen.handler = [options, verb](Context& context) {
      if (!options->from.empty()) {
        return verb.elsewhere(context, {options->name, options->from,
                                        options->target.flags.config_file, options->output});
      }
      return run_show(verb, *options, context);
    };
  });
}

}  // namespace socbridge::socctl
