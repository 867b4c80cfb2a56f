// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>

#include "base/privileged_files.h"
#include "base/text.h"
#include "health/canary.h"
#include "health/configuration.h"
#include "health/history.h"
#include "health/job_runner/runner_config.h"
#include "health/registry.h"
#include "health/render/render.h"
#include "health/runner.h"
#include "integration/spool_location.h"
#include "kubernetes/kubeconfig.h"
#include "profile/config_file.h"
#include "profile/indexer.h"
#include "queue/key_check.h"
#include "service/service_runtime.h"
#include "socctl/common/command.h"
#include "socctl/common/endpoint_options.h"
#include "socctl/common/interrupt.h"
#include "socctl/common/wazuh_access.h"
#include "socctl/cortex/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::vector<std::string> names, required;
  std::string output, timeout = "10s", slow, fresh, interval = "5s";
  std::string out_file, profile, ossec_conf;
  std::string canary_timeout = "2m", canary_address = "9.9.9.9", canary_analyzer;
  bool watch = false, quiet = false, all = false, canary = false;
};

Status read_duration(const char* option, const std::string& text, std::int64_t& out) {
  const auto ms = parse_duration_ms(text);
  if (!ms || *ms <= 0) {
    return Status::error(ExitCode::usage,
                         std::string(option) + " must be a time, not \"" + text + "\"",
                         "for example 500ms, 5s or 2m");
  }
  out = *ms;
  return {};
}

Status read_options(const Options& given, health::Options& out, std::int64_t& interval_ms) {
  if (Status s = read_duration("--timeout", given.timeout, out.timeout_ms); !s.ok()) return s;
  if (Status s = read_duration("--interval", given.interval, interval_ms); !s.ok()) return s;
  out.required = given.required;
  out.flags.config_file = given.profile;
  out.flags.ossec_conf = given.ossec_conf;
  out.ossec_conf = given.ossec_conf;
  out.system = profile::SystemPaths::of_process();
  out.wazuh_home = out.system.wazuh_home;
  return {};
}

// Thresholds of the configuration, overridden by those of the command line.
std::vector<Status> read_thresholds(const Options& given, Env& env, health::Options& out) {
  std::vector<Status> wrong = out.thresholds.read(env, out.flags, out.system);
  const auto given_ms = [&](const char* option, const std::string& text) {
    std::int64_t ms = 0;
    if (text.empty()) return ms;
    if (Status bad = read_duration(option, text, ms); !bad.ok()) wrong.push_back(std::move(bad));
    return ms;
  };
  const std::int64_t slow_ms = given_ms("--slow", given.slow);
  if (slow_ms > 0) out.thresholds.set_slow(slow_ms);
  const std::int64_t fresh_ms = given_ms("--fresh", given.fresh);
  if (fresh_ms > 0) out.thresholds.set_fresh(fresh_ms);
  return wrong;
}

class Health {
 public:
  Health(const Options& given, Context& context, health::Format format)
      : given_(given), context_(context), format_(format) {}

  ExitCode run() {
    health::Options options;
    ExitCode code = ExitCode::ok;
    std::int64_t interval_ms = 0;
    if (const Status bad = read_options(given_, options, interval_ms); !bad.ok())
      return refuse(bad);
    const std::vector<Status> wrong = read_thresholds(given_, context_.env, options);
    for (const Status& bad : wrong) code = refuse(bad);
    if (!wrong.empty()) return code;
    auto indices = profile::find_patterns(context_.env, options.flags, options.system);
    if (!indices.ok()) return refuse(indices.status());
    options.indices = std::move(*indices);
    if (given_.canary) return run_canary(options);
    std::optional<ServiceRuntime> service;  // before the threads of the probes
    if (given_.watch) service.emplace();
    read_history();
    const auto plans = health::make_plans(context_.env, options, given_.names);
    if (!plans.ok()) return refuse(plans.status());
    if (const Status in = enter(options, *plans); !in.ok()) return refuse(in);
    if (service) service->manager().ready("checking");
    do {
      const auto thehive = endpoint_of(*plans, "thehive");
      health::RunResult result = health::run(context_.env, options, *plans);
      health::add_configuration_report(result.summary, options.system);
      if (given_.watch) result.summary.again_ms = interval_ms;
      keep_history(result.summary);
      code = code_of(result.summary);
      if (thehive) report_accepted_key(result.summary, *thehive);
      if (const Status bad = show(result.summary); !bad.ok()) return refuse(bad);
      left_behind_ += result.abandoned;
      if (service) service->wait(interval_ms);
    } while (service && !service->stopping());
    leave_if_left_behind(left_behind_, code);
    return code;
  }

 private:
  static std::optional<profile::Endpoint> endpoint_of(const std::vector<health::Plan>& plans,
                                                      std::string_view name) {
    for (const health::Plan& plan : plans) {
      if (plan.component != nullptr && plan.component->name == name) return plan.endpoint;
    }
    return {};
  }

  // With the rights of the caller, since the caller named the file.
  void read_history() {
    auto history = health::History::read(context_.env, given_.out_file, format_);
    if (!history.ok()) {
      warn("the history of " + printable(given_.out_file) +
           " starts again: " + history.status().line());
      return;
    }
    history_ = std::move(*history);
  }

  // If there is an earlier run to compare with: in a file, or of this process.
  void keep_history(health::Summary& summary) {
    if (given_.out_file.empty() && !given_.watch) return;
    history_.add(summary);
    summary.history = history_.runs();
  }

  // A probe changes nothing. But senders that wait because TheHive refused their key may continue
  // once TheHive is seen to accept it.
  void report_accepted_key(const health::Summary& summary, const profile::Endpoint& at) const {
    int well = 0;
    for (const health::Report& report : summary.reports) {
      if (report.component != "thehive") continue;
      for (const health::Check& check : report.checks) {
        if (check.name.starts_with("destination ")) continue;  // about another key
        if (check.state == health::State::down) return;        // such as an expired licence
        const bool about_key = check.name == "key" || check.name == "permissions";
        if (about_key && check.state == health::State::ok) ++well;
      }
    }
    if (well < 2 || !may_report_key_) return;
    const auto place = integration::find_spool(context_.env, {{}, {}, given_.ossec_conf});
    if (!place.ok()) return;
    queue::report_key_accepted(context_.env, place->dir, {at.url, at.key, at.organisation});
  }

  // The canary alone, or after the named probes.
  ExitCode run_canary(const health::Options& options) {
    health::CanaryOptions canary;
    canary.address = given_.canary_address;
    canary.analyzer = given_.canary_analyzer;
    canary.stop = interrupted;
    const Status time = read_duration("--canary-timeout", given_.canary_timeout, canary.timeout_ms);
    if (!time.ok()) return refuse(time);
    std::vector<health::Plan> plans;
    if (!given_.names.empty() || !given_.required.empty()) {
      auto made = health::make_plans(context_.env, options, given_.names);
      if (!made.ok()) return refuse(made.status());
      plans = std::move(*made);
    }
    read_history();
    const auto endpoints = health::find_canary_endpoints(context_.env, options);
    if (!endpoints.ok()) return refuse(endpoints.status());
    if (const Status in = enter(options, plans); !in.ok()) return refuse(in);
    health::RunResult looked;
    if (!plans.empty()) looked = health::run(context_.env, options, std::move(plans));
    if (endpoints->cortex) {
      canary.deleted_job = [&](const cortex::Job& job) {
        static_cast<void>(note_deleted(context_.env, endpoints->cortex->url, job));
      };
    }
    catch_interrupts();
    const std::int64_t started = steady_now_ms();
    health::CanaryResult canary_result =
        health::run_canary(context_.env, options, canary, *endpoints);
    health::Summary& summary = looked.summary;
    if (summary.checked_at_ms == 0) summary.checked_at_ms = wall_now_ms();
    summary.took_ms += steady_now_ms() - started;
    summary.timeout_ms = canary.timeout_ms;
    summary.reports.push_back(std::move(canary_result.report));
    keep_history(summary);
    health::add_configuration_report(summary, options.system);
    if (const Status bad = show(summary); !bad.ok()) return refuse(bad);
    const ExitCode code = canary_result.interrupted ? ExitCode::interrupted : code_of(summary);
    leave_if_left_behind(looked.abandoned, code);
    return code;
  }

  // Files in the Wazuh home are read as its user. Endpoints are resolved before, with the rights of
  // the caller; other files that probes need stay readable.
  Status enter(const health::Options& options, const std::vector<health::Plan>& plans) {
    const bool wanted =
        given_.canary || std::any_of(plans.begin(), plans.end(), [](const health::Plan& plan) {
          const bool wazuh = std::string_view(plan.component->name) == "wazuh" && !plan.skipped;
          const bool thehive = std::string_view(plan.component->name) == "thehive" && !plan.skipped;
          return wazuh || thehive || (plan.endpoint && plan.endpoint->from_wazuh);
        });
    const bool gate = endpoint_of(plans, "thehive").has_value();
    if (!wanted && !gate) return {};
    std::vector<std::string> named = {given_.ossec_conf};
    if (auto files = profile::config_files(context_.env, options.flags, options.system);
        files.ok()) {
      named.insert(named.end(), files->begin(), files->end());
    }
    const auto places =
        health::job_runner::read_job_runner_config(context_.env, options.flags, options.system);
    if (places.ok()) {
      named.push_back(places->directory);
      named.push_back(places->kubeconfig);
    }
    for (std::string& file : kubernetes::Places::of_process().files()) {
      named.push_back(std::move(file));
    }
    Status in = enter_wazuh(context_.env, std::move(named), given_.out_file);
    may_report_key_ = in.ok();
    return wanted ? in : Status();
  }

  static void leave_if_left_behind(int threads, ExitCode code) {
    if (threads == 0) return;
    std::fflush(nullptr);
    std::_Exit(
        static_cast<int>(code));  // exit() would destroy objects that their threads still use
  }

  ExitCode refuse(const Status& status) const {
    const ExitCode code = fail(status);
    constexpr int kNagiosUnknown = 3;
    return format_ == health::Format::nagios ? static_cast<ExitCode>(kNagiosUnknown) : code;
  }

  ExitCode code_of(const health::Summary& summary) const {
    return format_ == health::Format::nagios ? static_cast<ExitCode>(summary.nagios_code())
                                             : summary.exit_code();
  }

  Status show(const health::Summary& summary) const {
    if (given_.quiet && given_.out_file.empty()) return {};
    const bool to_file = !given_.out_file.empty();
    const std::string text = health::render(
        format_, summary, to_file ? term::Terminal{} : context_.out, given_.all || given_.canary);
    if (to_file) {
      const bool metrics = format_ == health::Format::prometheus;
      return replace_kept(context_.env, given_.out_file, text,
                          metrics ? Readers::all : Readers::by_umask);
    }
    if (given_.watch && context_.out.tty && format_ <= health::Format::table)
      write_out("\x1b[H\x1b[2J");
    write_out(text);
    return flush_output();
  }

  const Options& given_;
  Context& context_;
  health::Format format_;
  health::History history_;
  bool may_report_key_ = false;  // the Wazuh home was entered
  int left_behind_ = 0;
};

std::string component_help() {
  std::string text = "Components to check (default: all configured ones):";
  for (const health::Component& one : health::components()) text += std::string(" ") + one.name;
  text += "; or a preset:";
  for (const health::Preset& one : health::presets()) text += std::string(" ") + one.name;
  return text;
}

}  // namespace

void add_health(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand(
      "health", "Check every part of the SOC: state, reason and next step of each");
  auto options = std::make_shared<Options>();
  command->add_option("component", options->names, component_help())->type_name("COMPONENT");
  add_output_option(*command, options->output, {"junit", "prometheus", "nagios", "md", "html"});
  command
      ->add_option("--require", options->required,
                   "Components or presets, separated by commas, that must be configured: a missing "
                   "one is an error instead of being skipped")
      ->type_name("COMPONENT,...")
      ->one_value_each()
      ->delimiter(',');
  command->add_option("--out", options->out_file, "Write to this file, replacing it atomically")
      ->type_name("FILE");
  command->add_flag("-a,--all", options->all, "Show every check in the table");
  command->add_flag("-q,--quiet", options->quiet, "Print nothing; use the exit code");
  command->add_option("--timeout", options->timeout, "Time for all probes together (default 10s)")
      ->type_name("DURATION");
  command
      ->add_option("--slow", options->slow,
                   "Degraded if the first answer takes longer (default: \"health\" of the "
                   "configuration, else 2s)")
      ->type_name("DURATION");
  command
      ->add_option("--fresh", options->fresh,
                   "Stale if the newest document of an index is older (default: \"health\" of the "
                   "configuration, else 1h)")
      ->type_name("DURATION");
  command->add_flag("-w,--watch", options->watch, "Repeat until Ctrl-C");
  command->add_option("--interval", options->interval, "Pause between runs (default 5s)")
      ->type_name("DURATION");
  add_profile_option(*command, options->profile);
  command
      ->add_option("--ossec-conf", options->ossec_conf,
                   "ossec.conf to check (default: etc/ossec.conf under the Wazuh home)")
      ->type_name("FILE");
  command->add_flag("--canary", options->canary,
                    "Send one test alert to Cortex and back, measure each stage, and delete "
                    "it again; alone, or after the named components");
  command
      ->add_option("--canary-timeout", options->canary_timeout, "Time for all stages (default 2m)")
      ->type_name("DURATION");
  command
      ->add_option("--canary-address", options->canary_address,
                   "Address in the canary's alert, known to analyzers (default 9.9.9.9)")
      ->type_name("IP");
  command
      ->add_option("--canary-analyzer", options->canary_analyzer,
                   "Analyzer to use (default: the first of MaxMind_GeoIP, URLhaus, AbuseIPDB, "
                   "VirusTotal_GetReport, or any that accepts an ip)")
      ->type_name("NAME");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) {
      const auto format = health::parse_format(options->output);
      if (!format.ok()) return fail(format.status());
      return Health(*options, context, *format).run();
    };
  });
}

}  // namespace socbridge::socctl
