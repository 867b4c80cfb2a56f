// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cortex/observable_list.h"
#include "cortex/plan.h"
#include "cortex/select.h"
#include "json/writer.h"
#include "observable/type_words.h"
#include "profile/section.h"
#include "socctl/common/interrupt.h"
#include "socctl/cortex/options.h"
#include "socctl/cortex/view.h"
#include "term/progress.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  QuotaFlags quota;
  std::vector<std::string> values, files, analyzers, presets;
  std::string type = "auto", tlp = "2", pap = "2", message, wait, state, output;
  std::size_t parallel = 8;
  bool force = false, dry_run = false;
};

// State shared by the steps of one run.
struct Run {
  const Options& options;
  Context& context;
  CortexLink& link;
  term::Records records;
  term::Progress progress;
  bool troubled = false;  // something was left out or failed

  void note(std::string_view text) {
    progress.clear();
    warn(text);
    troubled = true;
  }
};

Status take_list(const std::string& file, const Options& options,
                 std::vector<observable::Observable>& out, bool& troubled) {
  const auto text = read_text(file);
  if (!text.ok()) return text.status();
  auto input = cortex::read_input(*text, observable::type_of_option(options.type));
  if (!input.ok()) return input.status();
  constexpr std::size_t kMostWarnings = 10;
  for (std::size_t i = 0; i < input->errors.size(); ++i) {
    if (i == kMostWarnings) {
      warn("… and " + std::to_string(input->errors.size() - i) + " more lines");
      break;
    }
    warn(file + ":" + std::to_string(input->errors[i].line) + ": " +
         input->errors[i].status.line());
  }
  troubled = troubled || !input->errors.empty();
  out.insert(out.end(), input->observables.begin(), input->observables.end());
  return {};
}

Result<cortex::SubmitRequest> read_request(const Options& options, bool& troubled) {
  cortex::SubmitRequest request;
  request.strict = options.files.empty();
  for (const std::string& value : options.values) {
    if (value == "-") {
      request.strict = false;
      const Status read = take_list("-", options, request.observables, troubled);
      if (!read.ok()) return read;
      continue;
    }
    auto what = observable::read_as(observable::type_of_option(options.type), value);
    if (!what.ok()) return what.status();
    request.observables.push_back(std::move(*what));
  }
  for (const std::string& file : options.files) {
    const Status read = take_list(file, options, request.observables, troubled);
    if (!read.ok()) return read;
  }
  if (request.observables.empty())
    return Status::error(ExitCode::bad_input, "there is nothing to submit",
                         "give values, -f FILE, or - for standard input");
  request.analyzers = options.analyzers;
  const auto tlp = cortex::parse_level("--tlp", options.tlp);
  if (!tlp.ok()) return tlp.status();
  const auto pap = cortex::parse_level("--pap", options.pap);
  if (!pap.ok()) return pap.status();
  request.tlp = *tlp;
  request.pap = *pap;
  request.message = options.message;
  request.force = options.force;
  return request;
}

// Adds the analyzers of a preset that are enabled.
Status add_presets(const Options& options, const std::vector<cortex::Analyzer>& all,
                   cortex::SubmitRequest& request) {
  for (const std::string& name : options.presets) {
    const auto members = profile::find_preset(Env::real(), name, options.cortex.flags,
                                              profile::SystemPaths::of_process());
    if (!members.ok()) return members.status();
    bool any = false;
    std::string missing;
    for (const std::string& member : *members) {
      const auto there = std::find_if(
          all.begin(), all.end(), [&](const cortex::Analyzer& a) { return a.is_called(member); });
      any = any || there != all.end();
      if (there != all.end()) request.analyzers.push_back(there->name);
      if (there == all.end()) missing += (missing.empty() ? "" : ", ") + printable(member, 80);
    }
    if (!any)
      return Status::error(ExitCode::usage, "no analyzer of the preset " + name + " is enabled");
    if (!missing.empty()) warn("preset " + name + ": not enabled in Cortex: " + missing);
    request.strict = false;
  }
  return {};
}

Status set_quotas(Run& run, cortex::Ledger& ledger, cortex::BatchPlan& plan) {
  const auto rules = run.options.quota.limits();
  if (!rules.ok()) return rules.status();
  const auto states =
      cortex::quota_states(run.link.client, ledger, plan.analyzers, *rules, run.link.deadline());
  if (!states.ok()) return states.status();
  for (const cortex::QuotaState& state : *states) {
    plan.limits.push_back(state.limit);
    plan.used_elsewhere.push_back(state.others);
  }
  return {};
}

void print_plan(Run& run, const cortex::BatchPlan& plan) {
  for (const cortex::Task& task : plan.tasks) {
    const cortex::Analyzer& analyzer = plan.analyzers[task.analyzer];
    json::Writer w;
    w.begin_object();
    w.member("analyzerName", analyzer.name);
    w.member("dataType", task.what.type);
    w.member("data", task.what.value);
    w.member("tlp", plan.tlp);
    w.member("pap", plan.pap);
    w.member("result", "would be submitted");
    w.end_object();
    run.records.add({{"-"},
                     {task.what.value},
                     {task.what.type},
                     {analyzer.name},
                     {"-"},
                     {"-"},
                     {"would be submitted"}},
                    std::move(w).take());
  }
  run.records.finish();
}

// For a job of an earlier run only the id is known.
std::string json_of(const cortex::Job& job) {
  if (!job.json.empty()) return job.json;
  json::Writer w;
  w.begin_object();
  w.member("id", job.id);
  w.member("analyzerName", job.analyzer);
  w.member("dataType", job.type);
  w.member("data", job.value);
  w.end_object();
  return std::move(w).take();
}

void say_what_is_left(Run& run, const cortex::BatchPlan& plan, const cortex::BatchOutcome& outcome,
                      cortex::Ledger& ledger) {
  for (const auto& [analyzer, count] : outcome.over_quota) {
    const cortex::Limit& limit = plan.limits[analyzer];
    const auto usage =
        ledger.usage(cortex::Ledger::key(run.link.client.endpoint().url, plan.analyzers[analyzer]),
                     limit, wall_now_ms());
    std::string text = plan.analyzers[analyzer].name + ": " + std::to_string(count) +
                       " not submitted, the quota of " +
                       (limit.exists() ? limit.text() : std::string("Cortex")) + " is used up";
    if (usage.ok() && usage->next_free > 0)
      text += "; more may be submitted from " + format_utc(usage->next_free) + " on";
    if (!run.options.state.empty()) text += "; run it again with the same --state then";
    run.note(text);
  }
  if (outcome.left > 0 || outcome.in_doubt > 0) {
    std::string text = std::to_string(outcome.left) + " not submitted";
    if (outcome.in_doubt > 0)
      text += ", " + std::to_string(outcome.in_doubt) + " possibly submitted";
    run.note(text + (run.options.state.empty() ? ""
                                               : "; progress is stored in " + run.options.state +
                                                     ", run it again with the same --state"));
  }
}

ExitCode wait_for_reports(Run& run, const cortex::BatchOutcome& outcome, std::int64_t wait_limit) {
  std::vector<std::string> ids;
  for (const auto& [task, job] : outcome.jobs) ids.push_back(job);
  cortex::CollectOptions how;
  how.parallel = run.options.parallel;
  how.wait_limit_ms = wait_limit;
  how.stop = interrupted;
  how.progress = [&](std::size_t done, std::size_t total) {
    run.progress.update({done, total, done, "reports"});
  };
  how.result = [&](std::size_t, const cortex::Job& job) {
    run.progress.clear();
    run.records.add(job_cells(job), json_of(job));
    learn_levels(run.context.env, run.link, run.options.quota, job);
    if (job.status != cortex::JobStatus::success) run.troubled = true;
  };
  how.lost = [&](std::size_t, const Status& status) { run.note(status.line()); };
  const auto unfinished = cortex::collect(run.link.options, run.link.client.endpoint(), ids, how);
  run.progress.clear();
  run.records.finish();
  if (!unfinished.ok()) return fail(unfinished.status());
  if (*unfinished > 0)
    run.note(std::to_string(*unfinished) +
             " not finished; wait for them with socctl cortex job wait");
  return ExitCode::ok;
}

// Unless it waits for the reports, jobs are printed as they are started.
cortex::BatchOptions batch_options(Run& run, std::int64_t wait_limit_ms) {
  cortex::BatchOptions how;
  how.parallel = run.options.parallel;
  how.request_ms = run.link.timeout_ms;
  how.stop = interrupted;
  how.progress = [&run](std::size_t done, std::size_t total) {
    run.progress.update({done, total, done, "jobs"});
  };
  if (wait_limit_ms == 0) {
    how.started = [&run](const cortex::Task&, const cortex::Job& job, bool) {
      run.progress.clear();
      run.records.add(job_cells(job), json_of(job));
    };
  }
  how.waits = [&run](const cortex::Analyzer& analyzer, const cortex::Limit& limit) {
    run.progress.clear();
    warn(analyzer.name + ": the quota of " + limit.text() + " is used up; waiting for room");
  };
  how.refused = [&run](const cortex::Task& task, const Status& status) {
    run.note(printable(task.what.value, 80) + ": " + status.line());
  };
  return how;
}

// The analyzers with limits learned from their refusals; --force ignores these.
std::vector<cortex::Analyzer> with_refused(std::vector<cortex::Analyzer> all,
                                           const Options& options, const CortexLink& link,
                                           cortex::RefusedLevels& levels) {
  if (options.force) return all;
  for (cortex::Analyzer& one : all) {
    const auto known =
        levels.limits(cortex::Ledger::key(link.client.endpoint().url, one), wall_now_ms());
    if (one.max_tlp < 0) one.max_tlp = known.max_tlp;
    if (one.max_pap < 0) one.max_pap = known.max_pap;
  }
  return all;
}

ExitCode run_submit(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  std::int64_t wait_limit = 0;
  if (!options.wait.empty()) {
    const auto ms = parse_duration_ms(options.wait);
    if (!ms)
      return fail(Status::error(ExitCode::usage, "--wait: \"" + printable(options.wait, 40) +
                                                     "\" is not a duration, such as 30s or 5m"));
    wait_limit = *ms;
  }
  bool troubled = false;
  auto request = read_request(options, troubled);
  if (!request.ok()) return fail(request.status());
  const auto folder = options.quota.ledger_folder();
  if (!folder.ok()) return fail(folder.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  auto analyzers = (*link)->client.analyzers((*link)->deadline());
  if (!analyzers.ok()) return fail(analyzers.status());
  if (const Status added = add_presets(options, *analyzers, *request); !added.ok())
    return fail(added);
  cortex::RefusedLevels levels(context.env, *folder);
  auto planned =
      cortex::make_plan(with_refused(std::move(*analyzers), options, **link, levels), *request);
  if (!planned.ok()) return fail(planned.status());

  Run run{options,
          context,
          **link,
          term::Records(*format, context.out, job_columns(), write_out),
          term::Progress("cortex submit", context.err, write_err),
          troubled || planned->left_out > 0};
  for (const std::string& remark : planned->remarks) warn(remark);
  cortex::Ledger ledger(context.env, *folder);
  if (options.dry_run) {
    print_plan(run, planned->plan);
    return run.troubled ? ExitCode::degraded : ExitCode::ok;
  }
  if (const Status set = set_quotas(run, ledger, planned->plan); !set.ok()) return fail(set);
  auto journal = cortex::Journal::open(context.env, options.state, (*link)->client.endpoint().url);
  if (!journal.ok()) return fail(journal.status());

  catch_interrupts();
  const cortex::BatchOptions how = batch_options(run, wait_limit);
  const cortex::BatchOutcome outcome = cortex::submit(
      {(*link)->options, (*link)->client.endpoint()}, planned->plan, {*journal, ledger}, how);
  run.progress.clear();
  if (wait_limit == 0) run.records.finish();
  say_what_is_left(run, planned->plan, outcome, ledger);
  if (!outcome.stopped.ok()) {
    if (wait_limit > 0) run.records.finish();
    return fail(outcome.stopped);
  }
  if (wait_limit > 0) {
    const ExitCode code = wait_for_reports(run, outcome, wait_limit);
    if (code != ExitCode::ok) return code;
  }
  return run.troubled ? ExitCode::degraded : ExitCode::ok;
}

}  // namespace

void add_cortex_submit(Command& cortex, Chosen& chosen) {
  Command* command = cortex.add_subcommand(
      "submit", "Analyze observables: addresses, names, URLs, hashes, mail addresses, files");
  auto options = std::make_shared<Options>();
  command->add_option(
      "value", options->values,
      "Observables, defanged ones too; @FILE or ./FILE is a file to upload, - reads "
      "a list from standard input");
  command
      ->add_option("-f,--file", options->files,
                   "List of observables: lines, CSV with a header, or JSON Lines; repeatable")
      ->type_name("FILE")
      ->one_value_each();
  command
      ->add_option("--type", options->type,
                   "Data type of the values: ip, domain, fqdn, url, hash, mail, file, other … "
                   "(default auto: detected for each value)")
      ->type_name("TYPE");
  command
      ->add_option("--analyzer", options->analyzers,
                   "Use this analyzer, with or without its version (default: all that accept the "
                   "type); repeatable")
      ->type_name("NAME")
      ->one_value_each();
  command
      ->add_option("--preset", options->presets,
                   "Use a set of analyzers: reputation, location, files, free; repeatable")
      ->type_name("NAME")
      ->one_value_each();
  command->add_option("--tlp", options->tlp, "white, green, amber (default) or red, or 0 to 3")
      ->type_name("LEVEL");
  command->add_option("--pap", options->pap, "white, green, amber (default) or red, or 0 to 3")
      ->type_name("LEVEL");
  command->add_option("--message", options->message, "Message stored with the jobs")
      ->type_name("TEXT");
  command->add_flag("--force", options->force, "Do not accept an answer from Cortex's cache");
  command->add_flag("--wait{5m}", options->wait,
                    "Wait for the reports, 5m or --wait=DURATION, and print them");
  command
      ->add_option("--state", options->state,
                   "Store progress in this file; run again with it, a batch continues where it "
                   "ended")
      ->type_name("FILE");
  command->add_option("--parallel", options->parallel, "Requests in flight (default 8)")
      ->type_name("NUMBER")
      ->range(1, 64);
  command->add_flag("--dry-run", options->dry_run, "Print what would be submitted, submit nothing");
  options->quota.add_to(*command);
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_submit(*options, context); };
  });
}

}  // namespace socbridge::socctl
