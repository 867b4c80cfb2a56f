// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

#include "analysis/analysis_metrics.h"
#include "analysis/read_settings.h"
#include "analysis/watcher.h"
#include "base/text.h"
#include "cortex/select.h"
#include "hash/digest.h"
#include "reconcile/time_expression.h"
#include "service/service_runtime.h"
#include "socctl/analyze/budget.h"
#include "socctl/analyze/rows.h"
#include "socctl/common/interrupt.h"
#include "socctl/common/metrics_listen.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::string since, state_file, interval = "10s", output;
  TargetFlags target;
  QuotaFlags quota;
  MetricsListenFlags pages;
  bool only_new = false, follow = false, dry_run = false;
};

struct Plan {
  term::Format format = term::Format::automatic;
  analysis::Settings settings;
  analysis::FollowOptions follow;
  std::string state_file;
  std::int64_t interval_ms = 0;
};

Result<Plan> plan_of(const Options& options, Env& env) {
  if (!options.only_new) {
    return Status::error(ExitCode::usage, "socctl analyze: nothing is selected for analysis",
                         "give --new; for one case there is socctl case analyze CASE");
  }
  if (options.follow && options.dry_run) {
    return Status::error(ExitCode::usage, "--follow and --dry-run exclude each other",
                         "a dry run stores nothing, so each pass would print the same");
  }
  if (options.pages.wanted() && !options.follow) {
    return Status::error(ExitCode::usage, "--metrics-listen is for --follow", "give both");
  }
  Plan plan;
  const auto interval = parse_duration_ms(options.interval);
  constexpr std::int64_t kShortest = 1000;
  if (!interval || *interval < kShortest) {
    return Status::error(
        ExitCode::usage,
        "--interval: \"" + printable(options.interval, 40) + "\" is not a duration of at least 1s",
        "examples: 10s, 5m");
  }
  plan.interval_ms = *interval;
  plan.follow.since_ms = wall_now_ms();
  if (!options.since.empty()) {
    const auto moment = reconcile::parse_moment(options.since, plan.follow.since_ms);
    if (!moment.ok()) {
      return Status::error(ExitCode::usage, "--since: " + moment.status().message(),
                           moment.status().hint());
    }
    plan.follow.since_ms = *moment;
    plan.follow.restart = true;
  }
  plan.follow.dry_run = options.dry_run;
  const auto around = profile::SystemPaths::of_process();
  const auto& flags = options.target.flags;
  const auto section = profile::find_section(env, "analysis", flags, around);
  if (!section.ok()) return section.status();
  auto settings = analysis::read_settings(*section, [&](std::string_view name) {
    return profile::find_preset(env, name, flags, around);
  });
  if (!settings.ok()) return settings.status();
  plan.settings = std::move(*settings);
  return plan;
}

std::string identity_of(const thehive::Client& client) {
  const thehive::Endpoint& endpoint = client.endpoint();
  return endpoint.organisation.empty() ? endpoint.url : endpoint.url + " " + endpoint.organisation;
}

class Run {
 public:
  Run(const Options& options, const Plan& plan, Context& context, TheHive& hive,
      analysis::Budget* budget)
      : options_(options),
        plan_(plan),
        context_(context),
        hive_(hive),
        connector_(hive.client()),
        submitter_(context.env, hive.client(), connector_, budget, analysis_dir() + "/locks"),
        follower_(hive.client(), submitter_, plan.settings, plan.follow),
        records_(plan.format, context.out, {"IN", "TYPE", "VALUE", "ANALYZER", "RESULT", "REASON"},
                 write_out) {}

  // Every name in the rules must be an analyzer, or a rule would silently do nothing.
  Status check_names() {
    const Deadline deadline = Deadline::after_ms(kTimeoutMs);
    auto all = connector_.analyzers(deadline);
    if (!all.ok()) return all.status();
    const auto doubt = connector_.servers_in_doubt(*all, deadline);
    if (!doubt.ok()) return doubt.status();
    // Rules would skip observables of a missing analyzer, and they would not be tried again.
    if (!doubt->empty()) {
      return Status::error(
          ExitCode::unreachable,
          "analyzers may be missing, TheHive reports of its Cortex servers: " + *doubt,
          "see socctl cortex status");
    }
    for (const analysis::Rule& rule : plan_.settings.rules) {
      Status named = cortex::select_analyzers(*all, rule.analyzers).status();
      if (named.ok() && !rule.preset.empty()) {
        const auto enabled = analysis::enabled_of(*all, rule.preset, "of this rule");
        named = enabled.status();
        if (enabled.ok() && !enabled->missing.empty()) warn(enabled->remark(rule.name));
      }
      if (named.ok()) continue;
      return Status::error(ExitCode::usage,
                           "rule \"" + printable(rule.name, 60) + "\": " + named.message(),
                           named.hint());
    }
    analyzers_ = std::move(*all);
    return {};
  }

  const analysis::Totals& totals() const { return totals_; }

  ExitCode once() {
    const Status status = pass(interrupted);
    records_.finish("Nothing new.");
    summary();
    if (!status.ok()) return fail(status);
    if (interrupted()) return ExitCode::interrupted;
    return report_.failed + report_.postponed > 0 ? ExitCode::degraded : ExitCode::ok;
  }

  // Runs until stopped. If TheHive is down, it is retried at growing intervals.
  ExitCode follow(ServiceRuntime& service) {
    constexpr std::int64_t kLongestMs = 300000;
    std::int64_t pause_ms = plan_.interval_ms;
    bool down = false;
    service.manager().ready("analysing new observables");
    while (!service.stopping()) {
      Status status = down ? check_names() : Status();
      if (status.ok()) status = pass([&service] { return service.stopping(); });
      const bool can_fix =
          status.code() == ExitCode::unreachable || status.code() == ExitCode::refused;
      if (!status.ok() && !can_fix) {
        records_.finish();
        return fail(status);
      }
      if (!status.ok() && !down) {
        warn(status.line() + "; trying again");
        totals_.add_outage();
      }
      if (status.ok() && down) warn("TheHive and Cortex answer again");
      down = !status.ok();
      pause_ms = down ? std::min(pause_ms * 2, kLongestMs) : plan_.interval_ms;
      if (const Status broken = flush_output(); !broken.ok()) return fail(broken);
      service.wait(pause_ms);
    }
    service.manager().stopping("stopping");
    records_.finish();
    return ExitCode::ok;
  }

 private:
  Status pass(const std::function<bool()>& stop) {
    const std::string identity = identity_of(hive_.client());
    const std::string path =
        options_.state_file.empty()
            ? analysis_dir() + "/" + sha256_hex(identity).substr(0, 16) + ".json"
            : options_.state_file;
    constexpr std::int64_t kLockMs = 60000;
    auto file =
        analysis::StateFile::open(context_.env, path, identity, Deadline::after_ms(kLockMs), stop);
    if (!file.ok()) return stop() ? Status() : file.status();
    const auto report = follower_.pass(
        *file, analyzers_, [&](const analysis::Event& event) { print(event); }, stop);
    if (!report.ok()) return report.status();
    report_ = *report;
    totals_.add(*report, wall_now_ms());
    return {};
  }

  void print(const analysis::Event& event) {
    AnalysisRow row{event.observable, event.owner, event.rule, {},
                    "skipped",        event.why,   nullptr,    {}};
    if (event.submission) {
      const analysis::Submission& one = *event.submission;
      row.analyzer = one.analyzer.name;
      row.result = analysis::verdict_name(one.verdict);
      if (options_.dry_run && one.verdict == analysis::Verdict::started) row.result = "would start";
      row.why = one.why;
      if (one.job) row.job = &*one.job;
    }
    std::vector<term::Cell> cells = cells_of(row);
    cells.insert(cells.begin(), {event.owner.empty() ? "-" : event.owner});
    records_.add(std::move(cells), json_of(row));
  }

  void summary() const {
    if (!context_.err.tty) return;
    write_err(std::to_string(report_.observables) +
              " new observables: " + std::to_string(report_.started) +
              (options_.dry_run ? " jobs to start, " : " jobs started, ") +
              std::to_string(report_.present) + " existing, " + std::to_string(report_.postponed) +
              " postponed, " + std::to_string(report_.failed) + " failed, " +
              std::to_string(report_.skipped) + " skipped\n");
  }

  const Options& options_;
  const Plan& plan_;
  Context& context_;
  TheHive& hive_;
  thehive::Connector connector_;
  analysis::Submitter submitter_;
  analysis::Watcher follower_;
  term::Records records_;
  std::vector<analysis::Analyzer> analyzers_;
  analysis::PassReport report_;
  analysis::Totals totals_;
};

ExitCode run_analyze(const Options& options, Context& context) {
  auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  // A table waits for more rows, and here the next one may come tomorrow.
  if (options.follow && *format == term::Format::automatic) *format = term::Format::plain;
  auto plan = plan_of(options, context.env);
  if (!plan.ok()) return fail(plan.status());
  auto pages = options.pages.open(context.env);
  if (!pages.ok()) return fail(pages.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const auto version = hive->client().version(Deadline::after_ms(kTimeoutMs));
  if (!version.ok()) return fail(version.status());
  plan->format = *format;
  plan->follow.five_levels = version->at_least(5, 2);
  plan->follow.cases_only = !version->at_least(5, 1);
  std::optional<ServiceRuntime> service;
  if (options.follow) {
    service.emplace();
  } else {
    catch_interrupts();
  }
  AnalysisQuota quota;
  quota.flags = options.quota;
  if (const Status opened =
          quota.open(context.env, hive->client().endpoint().url, options.target.flags.config_file);
      !opened.ok()) {
    return fail(opened);
  }
  Run run(options, *plan, context, *hive, quota.budget());
  if (const Status names = run.check_names(); !names.ok()) return fail(names);
  serve_metrics(pages->get(), [&run] { return run.totals().prometheus(); });
  const ExitCode code = service ? run.follow(*service) : run.once();
  pages->reset();
  return code;
}

}  // namespace

void add_analyze(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand(
      "analyze", "Analyse new observables of TheHive by the rules of the configuration");
  auto options = std::make_shared<Options>();
  command->add_flag("--new", options->only_new,
                    "Analyse observables of alerts and cases that were created since the last run");
  command
      ->add_option("--since", options->since,
                   "Begin here instead: 90m, 24h, 7d, or 2026-01-31T08:00:00Z (first run: now)")
      ->type_name("TIME");
  command->add_flag("--follow", options->follow, "Run until stopped");
  command
      ->add_option("--interval", options->interval,
                   "With --follow: pause between two passes (default 10s)")
      ->type_name("DURATION");
  command
      ->add_option("--state", options->state_file,
                   "State file (default: one per TheHive below the state folder)")
      ->type_name("FILE");
  command->add_flag("--dry-run", options->dry_run,
                    "Print what would be started, start and store nothing");
  options->pages.add_to(*command);
  options->quota.add_to(*command);
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_analyze(*options, context); };
  });
}

}  // namespace socbridge::socctl
