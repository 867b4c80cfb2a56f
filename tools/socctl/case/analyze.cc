// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "analysis/wait.h"
#include "base/text.h"
#include "cortex/select.h"
#include "observable/type_words.h"
#include "profile/section.h"
#include "socctl/analyze/budget.h"
#include "socctl/analyze/rows.h"
#include "socctl/common/interrupt.h"
#include "term/progress.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::string case_info, preset, max_tlp, wait, output;
  std::vector<std::string> types, analyzers, values;
  TargetFlags target;
  QuotaFlags quota;
  bool private_addresses = false, force = false, dry_run = false;
};

// Names of the preset's analyzers; empty without a preset.
Result<std::vector<std::string>> preset_of(const Options& options, Env& env) {
  if (options.preset.empty()) return std::vector<std::string>();
  return profile::find_preset(env, options.preset, options.target.flags,
                              profile::SystemPaths::of_process());
}

// The observables of the case that the options select.
std::vector<thehive::ObservableInfo> chosen_of(const Options& options,
                                               std::vector<thehive::ObservableInfo> all) {
  const auto holds = [](const std::vector<std::string>& list, const std::string& word) {
    return list.empty() || std::any_of(list.begin(), list.end(),
                                       [&](const std::string& one) { return iequals(one, word); });
  };
  std::vector<std::string> types = options.types;
  for (const std::string& one : options.types) types.push_back(observable::type_of_option(one));
  std::erase_if(all, [&](const thehive::ObservableInfo& one) {
    return !holds(types, one.data_type) || !holds(options.values, one.text());
  });
  return all;
}

// Starts jobs and prints their results.
class Analysis {
 public:
  struct Means {
    TheHive& hive;
    analysis::Budget* budget;
    int pap;  // of the case, as Cortex gets it
  };
  Analysis(const Options& options, term::Format format, Context& context, const Means& means)
      : options_(options),
        context_(context),
        hive_(means.hive),
        budget_(means.budget),
        pap_(means.pap),
        connector_(means.hive.client()),
        submitter_(context.env, means.hive.client(), connector_, means.budget,
                   analysis_dir() + "/locks"),
        records_(format, context.out, {"TYPE", "VALUE", "ANALYZER", "RESULT", "REPORT"},
                 write_out) {}

  Status choose(const std::vector<std::string>& preset, const Deadline& deadline) {
    auto all = connector_.analyzers(deadline);
    if (!all.ok()) return all.status();
    all_ = std::move(*all);
    const auto doubt = connector_.servers_in_doubt(all_, deadline);
    if (!doubt.ok()) return doubt.status();
    in_doubt_ = !doubt->empty();
    if (in_doubt_)
      warn("analyzers may be missing, TheHive reports of its Cortex servers: " + *doubt);
    std::vector<std::string> names = options_.analyzers;
    if (!preset.empty()) {
      const auto enabled = analysis::enabled_of(all_, preset, options_.preset);
      if (!enabled.ok()) return in_doubt_ ? doubted(enabled.status()) : enabled.status();
      if (!enabled->missing.empty()) warn(enabled->remark(options_.preset));
      names.insert(names.end(), enabled->names.begin(), enabled->names.end());
    }
    auto picked = cortex::select_analyzers(all_, names);
    if (!picked.ok()) return in_doubt_ ? doubted(picked.status()) : picked.status();
    picked_ = std::move(*picked);
    named_ = !names.empty();
    return {};
  }

  Status submit(const thehive::ObservableInfo& observable, const analysis::Limits& limits) {
    std::string why = analysis::why_not(observable, limits);
    std::vector<analysis::Analyzer> takers;
    for (const analysis::Analyzer& one : picked_) {
      if (analysis::takes(one, observable)) takers.push_back(one);
    }
    if (why.empty() && takers.empty()) {
      const std::string what = analysis::kind_of(observable);
      why = "none of them accepts " + what + "; " + analysis::matching_analyzers(all_, observable) +
            " does";
      if (!named_) why = "no analyzer accepts " + what;
    }
    if (!why.empty()) {
      print({observable, {}, {}, {}, "skipped", why, nullptr, {}});
      return {};
    }
    analysis::SubmitOptions how;
    how.force = options_.force;
    how.dry_run = options_.dry_run;
    how.pap = pap_;
    auto submitted = submitter_.submit(observable, takers, how, Deadline::after_ms(kTimeoutMs));
    for (analysis::Submission& one : submitted.list) take(observable, one);
    return submitted.stopped;
  }

  // Prints jobs as they end; jobs still running at the time limit are printed as running.
  Status wait(std::int64_t ms) {
    const std::size_t total = waiting_.size();
    std::size_t ended = 0;
    term::Progress progress("analyze", context_.err, write_err);
    const auto stop = [&] {
      progress.update({ended, total, ended, "jobs"});
      return interrupted();
    };
    const auto left = analysis::wait_for(connector_, std::move(waiting_), Deadline::after_ms(ms),
                                         stop, [&](const thehive::Job& job) {
                                           ++ended;
                                           progress.clear();
                                           print_ended(job);
                                         });
    progress.clear();
    for (const thehive::Job& job : left.running) {
      ++running_;
      print_job(job, "running", {});
    }
    return left.error;
  }

  bool has_waiting() const { return !waiting_.empty(); }
  bool keeps_waiting() const { return !options_.wait.empty(); }

  ExitCode finish() {
    records_.finish("No observables to analyse.");
    if (interrupted()) return ExitCode::interrupted;
    return failed_ + running_ > 0 || in_doubt_ ? ExitCode::degraded : ExitCode::ok;
  }

 private:
  // An unknown analyzer name is not an error while some analyzers may be missing.
  static Status doubted(const Status& status) {
    return Status::error(ExitCode::unreachable, status.message(),
                         "a Cortex server may be down; see socctl cortex status");
  }

  void print(const AnalysisRow& row) { records_.add(cells_of(row), json_of(row)); }

  void take(const thehive::ObservableInfo& observable, analysis::Submission& one) {
    const bool waits =
        keeps_waiting() && one.job &&
        (one.verdict == analysis::Verdict::started || one.verdict == analysis::Verdict::present);
    if (waits) {
      thehive::Job job = std::move(*one.job);
      job.observable_id = observable.id;
      seen_.push_back(observable);
      waiting_.push_back(std::move(job));
      return;
    }
    std::string result = analysis::verdict_name(one.verdict);
    if (options_.dry_run && one.verdict == analysis::Verdict::started) result = "would start";
    const bool later_or_never = one.verdict == analysis::Verdict::failed ||
                                one.verdict == analysis::Verdict::postponed ||
                                one.verdict == analysis::Verdict::barred;
    if (later_or_never) ++failed_;
    std::vector<thehive::Taxonomy> taxonomies;
    if (one.job) taxonomies = taxonomies_of(observable, *one.job);
    print({observable,
           {},
           {},
           one.analyzer.name,
           result,
           one.why,
           one.job ? &*one.job : nullptr,
           std::move(taxonomies)});
  }

  void print_ended(const thehive::Job& job) {
    if (job.status != "Success") ++failed_;
    if (const auto* observable = seen_of(job); observable != nullptr && budget_ != nullptr) {
      budget_->learn(job.analyzer_name, job.error, cortex::tlp_for_cortex(observable->tlp), pap_);
    }
    if (job.status == "Failure" && thehive::rate_limit_unit(job.error)) {
      print_job(job, "postponed", {});
      return;
    }
    std::vector<thehive::Taxonomy> taxonomies;
    if (job.status == "Success") {
      const auto now = thehive::get_observable(hive_.client(), job.observable_id,
                                               Deadline::after_ms(kTimeoutMs));
      if (now.ok()) taxonomies = taxonomies_of(*now, job);
    }
    print_job(job, job.status, std::move(taxonomies));
  }

  void print_job(const thehive::Job& job, const std::string& result,
                 std::vector<thehive::Taxonomy> taxonomies) {
    const thehive::ObservableInfo* observable = seen_of(job);
    if (observable == nullptr) return;
    const std::string why = job.status == "Failure" ? failure_text(job) : job.error;
    print({*observable, {}, {}, job.analyzer_name, result, why, &job, std::move(taxonomies)});
  }

  const thehive::ObservableInfo* seen_of(const thehive::Job& job) const {
    const auto found = std::find_if(seen_.begin(), seen_.end(),
                                    [&](const auto& one) { return one.id == job.observable_id; });
    return found == seen_.end() ? nullptr : &*found;
  }

  const Options& options_;
  Context& context_;
  TheHive& hive_;
  analysis::Budget* budget_;
  int pap_;  // of the case
  thehive::Connector connector_;
  analysis::Submitter submitter_;
  term::Records records_;
  std::vector<analysis::Analyzer> all_, picked_;
  std::vector<thehive::ObservableInfo> seen_;  // those whose jobs it waits for
  std::vector<thehive::Job> waiting_;
  std::size_t failed_ = 0, running_ = 0;
  bool named_ = false;
  bool in_doubt_ = false;  // a Cortex server of TheHive may be down
};

ExitCode run_analyze(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto wait_ms = parse_duration_ms(options.wait.empty() ? "0" : options.wait);
  if (!wait_ms) {
    return fail(Status::error(ExitCode::usage,
                              "--wait: \"" + printable(options.wait, 40) + "\" is not a duration",
                              "examples: 90s, 10m"));
  }
  const auto preset = preset_of(options, context.env);
  if (!preset.ok()) return fail(preset.status());
  auto hive = TheHive::open(context, options.target);
  if (!hive.ok()) return fail(hive.status());
  const Deadline deadline = Deadline::after_ms(kTimeoutMs);
  const auto case_info = thehive::get_case(hive->client(), options.case_info, deadline);
  if (!case_info.ok()) return fail(case_info.status());
  analysis::Limits limits;
  limits.five_levels = hive->five_levels(deadline);
  limits.private_addresses = options.private_addresses;
  if (!options.max_tlp.empty()) {
    const auto level = tlp_option("--max-tlp", options.max_tlp, limits.five_levels);
    if (!level.ok()) return fail(level.status());
    limits.max_tlp = *level;
  }
  AnalysisQuota quota;
  quota.flags = options.quota;
  if (const Status opened =
          quota.open(context.env, hive->client().endpoint().url, options.target.flags.config_file);
      !opened.ok()) {
    return fail(opened);
  }
  Analysis analysis(options, *format, context,
                    {*hive, quota.budget(), cortex::tlp_for_cortex(case_info->pap)});
  if (const Status chosen = analysis.choose(*preset, deadline); !chosen.ok()) return fail(chosen);
  auto observables =
      thehive::list_observables(hive->client(), thehive::Subject::of_case(case_info->id), deadline);
  if (!observables.ok()) return fail(observables.status());
  catch_interrupts();
  Status error;
  for (const auto& one : chosen_of(options, std::move(*observables))) {
    if (interrupted() || !error.ok()) break;
    error = analysis.submit(one, limits);
  }
  if (!error.ok()) {
    // Running jobs are shown, and waited for with --wait.
    if (analysis.has_waiting()) static_cast<void>(analysis.wait(*wait_ms));
    static_cast<void>(analysis.finish());
    return fail(error);
  }
  if (analysis.has_waiting()) error = analysis.wait(*wait_ms);
  const ExitCode code = analysis.finish();
  return error.ok() ? code : fail(error);
}

}  // namespace

void add_case_analyze(Command& parent, Chosen& chosen) {
  Command* command = parent.add_subcommand(
      "analyze", "Analyse a case's observables with Cortex, each once per analyzer");
  auto options = std::make_shared<Options>();
  command->add_option("case", options->case_info, "Number (42) or id (~123)")
      ->type_name("CASE")
      ->required();
  command->add_option("--type", options->types, "Only observables of this data type; repeatable")
      ->type_name("DATATYPE")
      ->one_value_each();
  command->add_option("--value", options->values, "Only this observable; repeatable")
      ->type_name("VALUE")
      ->one_value_each();
  command
      ->add_option(
          "--analyzer", options->analyzers,
          "Analyzer, with or without its version; repeatable (default: all that accept the type)")
      ->type_name("NAME")
      ->one_value_each();
  command->add_option("--preset", options->preset, "Analyzers of this preset")->type_name("NAME");
  command
      ->add_option("--max-tlp", options->max_tlp,
                   "Highest TLP that may be sent to analyzers (default: amber)")
      ->type_name("LEVEL");
  command->add_flag("--private", options->private_addresses, "Also analyse private addresses");
  command->add_flag("--force", options->force, "Start a job even if one exists");
  command->add_flag("--wait{10m}", options->wait,
                    "Wait for the reports, at most this long (--wait=5m; default 10m)");
  command->add_flag("--dry-run", options->dry_run, "Print what would be started, start nothing");
  options->quota.add_to(*command);
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_analyze(*options, context); };
  });
}

}  // namespace socbridge::socctl
