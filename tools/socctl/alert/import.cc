// SPDX-License-Identifier: Apache-2.0
// `alert promote` and `alert merge`: cases from alerts.
#include <memory>

#include "base/text.h"
#include "json/writer.h"
#include "socctl/common/thehive_session.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::vector<std::string> alerts;
  std::string case_info, case_template, output;
  TargetFlags target;
  bool merge = false, quietly = false, dry_run = false;
};

struct Row {
  thehive::AlertInfo alert;
  const char* action = "";
  thehive::CaseInfo case_info;
};

std::string json_of(const Row& row) {
  json::Writer w;
  w.begin_object();
  w.member("alert", row.alert.id);
  w.member("sourceRef", row.alert.source_ref);
  w.member("action", row.action);
  w.key("case");
  if (row.case_info.json.empty()) {
    w.null();
  } else {
    w.raw(row.case_info.json);
  }
  w.end_object();
  return std::move(w).take();
}

Result<Row> dry(TheHive& hive, const Options& options, thehive::AlertInfo alert,
                const thehive::CaseInfo& target, const Deadline& deadline) {
  Row row{std::move(alert), options.merge ? "would merge" : "would promote", target};
  if (row.alert.case_id.empty()) return row;
  auto there = thehive::get_case(hive.client(), row.alert.case_id, deadline);
  if (!there.ok()) return there.status();
  row.action = "present";
  row.case_info = std::move(*there);
  if (options.merge && row.case_info.id != target.id) {
    return Status::error(ExitCode::refused, "alert " + row.alert.id + " is in case " +
                                                std::to_string(row.case_info.number) + " already");
  }
  return row;
}

Result<Row> act(TheHive& hive, const Options& options, const std::string& name,
                const thehive::CaseInfo& target) {
  const Deadline deadline = Deadline::after_ms(kTimeoutMs);
  auto alert = thehive::get_alert(hive.client(), name, deadline);
  if (!alert.ok()) return alert.status();
  if (options.dry_run) return dry(hive, options, std::move(*alert), target, deadline);
  auto done = options.merge
                  ? thehive::merge(hive.client(), *alert, target, options.quietly, deadline)
                  : thehive::promote(hive.client(), *alert, options.case_template, deadline);
  if (!done.ok()) return done.status();
  const char* action = options.merge ? "merged" : "promoted";
  return Row{std::move(*alert), done->already ? "present" : action, std::move(done->case_info)};
}

ExitCode run_import(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  thehive::CaseInfo target;
  if (options.merge) {
    auto found =
        thehive::get_case(hive->client(), options.case_info, Deadline::after_ms(kTimeoutMs));
    if (!found.ok()) return fail(found.status());
    target = std::move(*found);
  }
  term::Records records(*format, context.out, {"ALERT", "RESULT", "CASE", "TITLE"}, write_out);
  std::size_t failed = 0;
  ExitCode code = ExitCode::ok;
  for (const std::string& name : options.alerts) {
    const auto row = act(*hive, options, name, target);
    if (!row.ok()) {
      code = fail(row.status());
      ++failed;
      // The next alert would fail too, and servers ban clients that keep asking.
      if (code == ExitCode::auth || code == ExitCode::unreachable) break;
      continue;
    }
    const std::int64_t number = row->case_info.number;
    records.add({{row->alert.id, term::Style::bold},
                 {row->action},
                 {number == 0 ? "" : std::to_string(number)},
                 {row->alert.title}},
                json_of(*row));
  }
  records.finish();
  if (failed > 0 && records.count() > 0) return ExitCode::degraded;
  return code;
}

Command* add_shared(Command* command, const std::shared_ptr<Options>& options) {
  command->add_option("alerts", options->alerts, "Ids (~123), type;source;sourceRef, or sourceRefs")
      ->type_name("ALERT")
      ->required();
  command->add_flag("--dry-run", options->dry_run, "Print what would be done, do nothing");
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  return command;
}

void set_handler(Command* command, Chosen& chosen, const std::shared_ptr<Options>& options) {
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_import(*options, context); };
  });
}

}  // namespace

void add_alert_promote(Command& alert, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  Command* command = add_shared(
      alert.add_subcommand("promote", "Create a case from each alert that is not in one"), options);
  command->add_option("--template", options->case_template, "Case template to use")
      ->type_name("NAME");
  set_handler(command, chosen, options);
}

void add_alert_merge(Command& alert, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  options->merge = true;
  Command* command = add_shared(alert.add_subcommand("merge", "Add alerts to a case"), options);
  command->add_option("--into", options->case_info, "Case to merge into: number (42) or id (~123)")
      ->type_name("CASE")
      ->required();
  command->add_flag("--quietly", options->quietly,
                    "Do not change the case's description (TheHive 5.4.9 and later)");
  set_handler(command, chosen, options);
}

}  // namespace socbridge::socctl
