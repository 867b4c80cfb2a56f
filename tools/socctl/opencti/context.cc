// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <vector>

#include "base/text.h"
#include "context/context_view.h"
#include "json/writer.h"
#include "socctl/opencti/options.h"
#include "stream/lookup/value_list.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::vector<std::string> values;
  TargetChoice target;
  OpenctiFlags opencti;
  std::string output;
  int depth = 2;
  bool attach = false, dry_run = false, all_techniques = false;
  std::string form = "comment", max_marking = "case";
  std::vector<std::string> withhold;
};

enum class View { tree, markdown, records };

struct ViewChoice {
  View view = View::records;
  term::Format format = term::Format::automatic;
};

Result<ViewChoice> choose_view(const std::string& output, const Context& context) {
  if (output == "md") return ViewChoice{View::markdown, term::Format::plain};
  if (output == "tree" || (output.empty() && context.out.tty)) {
    return ViewChoice{View::tree, term::Format::plain};
  }
  const auto format = output_format(output);
  if (!format.ok()) {
    return Status::error(ExitCode::usage, format.status().message(),
                         "known are tree, table, plain, json, jsonl, yaml and md");
  }
  return ViewChoice{View::records, *format};
}

term::Cell knowledge(const opencti::Context& one) {
  if (!one.status.ok()) return {"?", term::Style::red};
  if (one.only_revoked()) return {"revoked", term::Style::dim};
  return {one.known() ? "yes" : "no", one.known() ? term::Style::none : term::Style::dim};
}

void print(const opencti::Contexts& found, const ViewChoice& how, const Context& context) {
  const UnixMillis now = wall_now_ms();
  if (how.view == View::records) {
    term::Records records(how.format, context.out,
                          {"VALUE", "TYPE", "KNOWN", "SCORE", "INDICATORS", "THREATS", "TECHNIQUES",
                           "REPORTS", "LABELS", "MARKINGS"},
                          write_out);
    for (const opencti::Context& one : found.contexts) {
      const context::Summary summary = context::summarise(one);
      records.add({{one.value.text},
                   {one.value.type},
                   knowledge(one),
                   {summary.score},
                   {std::to_string(one.indicators.size())},
                   {summary.threats},
                   {summary.techniques},
                   {std::to_string(one.reports.size())},
                   {summary.labels},
                   {summary.markings}},
                  context::to_json(one, now));
    }
    records.finish("No values.");
    return;
  }
  bool first = true;
  for (const opencti::Context& one : found.contexts) {
    if (!first) write_out("\n");
    first = false;
    write_out(how.view == View::tree ? context::to_tree(one, now, context.out)
                                     : context::to_markdown(one, now));
  }
}

ExitCode print_steps(const std::vector<context::Step>& steps, bool withheld) {
  ExitCode code = ExitCode::ok;
  for (const context::Step& step : steps) {
    std::string line = step.what + " of " + printable(step.target, 100) + ": " + step.result;
    if (!step.detail.empty()) line += " (" + printable(step.detail, 300) + ")";
    write_err(line + "\n");
    if (step.result == "refused") code = ExitCode::degraded;
  }
  if (steps.empty()) {
    write_err(withheld ? "nothing to attach: all that OpenCTI knows is withheld\n"
                       : "nothing to attach: all observables are unknown to OpenCTI\n");
  }
  return code;
}

Result<marking::MarkingRule> rule_of(const Options& options) {
  marking::MarkingRule rule;
  rule.withheld = options.withhold;
  const Status limit = marking::read_marking_limit(options.max_marking, rule);
  if (!limit.ok()) return limit;
  return rule;
}

// Reports each value whose lookup failed as an error.
ExitCode report_failed(const opencti::Contexts& found) {
  ExitCode code = ExitCode::ok;
  for (const opencti::Context& one : found.contexts) {
    if (one.status.ok()) continue;
    code = fail(Status::error(one.status.code(),
                              printable(one.value.text, 80) + ": " + one.status.message(),
                              one.status.hint()));
  }
  return code;
}

// Writes the permitted part to the case or alert.
ExitCode attach_found(const Options& options, thehive::Client& client,
                      const context::Target& target, opencti::Contexts& found,
                      const Deadline& deadline) {
  const auto rule = rule_of(options);
  if (!rule.ok()) return fail(rule.status());
  std::size_t hidden = 0;
  for (opencti::Context& one : found.contexts) {
    hidden += context::withhold(one, *rule, target.limits);
  }
  if (hidden > 0) {
    warn(std::to_string(hidden) +
         " object(s) are withheld: they are marked above the TLP or PAP of " + target.name +
         ", or excluded by --max-marking or --withhold");
  }
  const auto steps = context::attach(
      client, target.subject,
      context::make_attachment(target, found.contexts, options.all_techniques, wall_now_ms()),
      {options.form == "page" ? context::NoteForm::page : context::NoteForm::comment,
       options.dry_run},
      deadline);
  if (!steps.ok()) return fail(steps.status());
  return print_steps(*steps, hidden > 0);
}

ExitCode run_context(const Options& options, Context& context) {
  const auto how = choose_view(options.output, context);
  if (!how.ok()) return fail(how.status());
  const auto timeout = options.opencti.timeout_ms();
  if (!timeout.ok()) return fail(timeout.status());
  if (options.values.empty() != options.target.given()) {
    return fail(Status::error(ExitCode::usage, "give values, or --case or --alert",
                              "see socctl opencti context --help"));
  }
  if (options.attach && !options.target.given()) {
    return fail(Status::error(ExitCode::usage, "--attach needs --case or --alert"));
  }
  if (const auto rule = rule_of(options); !rule.ok()) return fail(rule.status());
  const Deadline deadline = Deadline::after_ms(*timeout);
  std::unique_ptr<TheHiveLink> thehive;
  context::Target target;
  std::vector<opencti::Value> values;
  ExitCode code = ExitCode::ok;
  if (options.target.given()) {
    auto link = connect_thehive(context.env, options.target);
    if (!link.ok()) return fail(link.status());
    thehive = std::move(*link);
    auto read = read_target(thehive->client, options.target, deadline);
    if (!read.ok()) return fail(read.status());
    target = std::move(*read);
    values = context::values_of(target);
  } else {
    const Status read = stream::read_values(
        context.env, options.values,
        [&](opencti::Value value) { values.push_back(std::move(value)); },
        [&](const Status& bad) { code = fail(bad); });
    if (!read.ok()) return fail(read);
  }
  const auto link = connect_opencti(context.env, options.opencti);
  if (!link.ok()) return fail(link.status());
  auto found = opencti::find_context((*link)->client, values, {options.depth, opencti::Detail::all},
                                     deadline);
  if (!found.ok()) return fail(found.status());
  print(*found, *how, context);
  for (const std::string& note : found->notes) warn(note);
  const ExitCode failed = report_failed(*found);
  if (failed != ExitCode::ok) {
    // An incomplete note would replace a complete one.
    if (options.attach) warn("nothing is attached: not all values could be looked up");
    return failed;
  }
  if (!options.attach) return code;
  const ExitCode written = attach_found(options, thehive->client, target, *found, deadline);
  return written == ExitCode::ok ? code : written;
}

}  // namespace

void add_opencti_context(Command& opencti, Chosen& chosen) {
  Command* command = opencti.add_subcommand(
      "context", "Show what OpenCTI knows about values, or the observables of a case or an alert");
  auto options = std::make_shared<Options>();
  command
      ->add_option("values", options->values,
                   "Addresses, names, URLs, hashes, also defanged; - reads them from standard "
                   "input, one per line")
      ->type_name("VALUE");
  options->target.add_to(*command);
  command
      ->add_option(
          "--depth", options->depth,
          "0: no threats; 1: directly linked threats; 2: also threats linked to these (default)")
      ->type_name("NUMBER")
      ->range(0, 2);
  command->add_flag(
      "--attach", options->attach,
      "Write it to the case or alert: a note, tags and procedures; only what changed");
  command
      ->add_option("--as", options->form, "The note is a comment (default) or a page of the case")
      ->type_name("FORM")
      ->one_of({"comment", "page"});
  command->add_flag("--all-techniques", options->all_techniques,
                    "Also attach techniques that linked threats use");
  command->add_flag("--dry-run", options->dry_run, "Only print what --attach would write");
  add_marking_options(*command, options->max_marking, options->withhold);
  options->opencti.add_to(*command);
  command
      ->add_option("-o,--output", options->output,
                   "Output format: tree, table, plain, json, jsonl, yaml or md (default: tree on a "
                   "terminal, plain in a pipe)")
      ->type_name("FORMAT");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_context(*options, context); };
  });
}

}  // namespace socbridge::socctl
