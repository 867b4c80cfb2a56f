// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "health/job_runner/cortex_checks.h"
#include "health/job_runner/job_folder.h"
#include "health/job_runner/kubernetes_checks.h"
#include "health/job_runner/runner_config.h"
#include "health/report.h"
#include "json/writer.h"
#include "socctl/cortex/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  CortexFlags cortex;
  health::job_runner::CortexOptions checks;
  health::job_runner::KubernetesOptions kubernetes;
  std::string job_time = "2m", output;
};

term::Style state_style(health::State state) {
  switch (state) {
    case health::State::ok: return term::Style::green;
    case health::State::skipped: return term::Style::dim;
    case health::State::unknown:
    case health::State::degraded: return term::Style::yellow;
    case health::State::down: return term::Style::red;
  }
  return term::Style::none;
}

ExitCode exit_code_of(const health::Check& check) {
  if (check.state <= health::State::ok) return ExitCode::ok;
  if (check.cause == health::Cause::auth) return ExitCode::auth;
  return check.cause == health::Cause::unreachable ? ExitCode::unreachable : ExitCode::degraded;
}

std::string json_of(const health::Check& check) {
  json::Writer w;
  w.begin_object();
  w.member("check", check.name);
  w.member("state", health::state_name(check.state));
  w.member("finding", check.detail);
  if (!check.next.empty()) w.member("next", check.next);
  w.end_object();
  return std::move(w).take();
}

ExitCode run_doctor(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto job_ms = parse_duration_ms(options.job_time);
  if (!job_ms) {
    return fail(Status::error(ExitCode::usage, "--job-time: \"" + printable(options.job_time, 40) +
                                                   "\" is not a duration, such as 30s or 5m"));
  }
  const auto places = health::job_runner::read_job_runner_config(
      context.env, options.cortex.flags, profile::SystemPaths::of_process());
  if (!places.ok()) return fail(places.status());
  const auto link = connect_cortex(context.env, options.cortex);
  if (!link.ok()) return fail(link.status());
  term::Records records(*format, context.out, {"STATE", "CHECK", "FINDING", "NEXT"}, write_out);
  ExitCode code = ExitCode::ok;
  const health::job_runner::Report report = [&](const health::Check& check) {
    const term::Style style = state_style(check.state);
    const bool red = check.state == health::State::down;
    records.add({{health::state_name(check.state), style},
                 {check.name},
                 {check.detail, red ? style : term::Style::none},
                 {check.next, term::Style::dim}},
                json_of(check));
    // auth and unreachable take precedence over degraded.
    const ExitCode one = exit_code_of(check);
    if (code == ExitCode::ok || (code == ExitCode::degraded && one > code)) code = one;
  };
  health::job_runner::CortexOptions checks = options.checks;
  checks.question_ms = (*link)->timeout_ms;
  checks.job_ms = *job_ms;
  if (checks.job_folder.empty()) checks.job_folder = places->directory;
  health::job_runner::check_cortex((*link)->client, checks, report);
  if (checks.job_folder.empty()) {
    report(health::job_runner::skipped(
        "job folder", std::string("not checked; ") + health::job_runner::kSilentFailure,
        "run this in Cortex's pod with --job-directory DIR"));
  } else {
    health::job_runner::check_job_folder(context.env, checks.job_folder,
                                         health::job_runner::file_system_of,
                                         health::job_runner::Mode::write_test, report);
  }
  health::job_runner::KubernetesOptions kubernetes = options.kubernetes;
  const auto either = [](const std::string& flag, const std::string& configured) {
    return flag.empty() ? configured : flag;
  };
  const std::string file = either(kubernetes.places.kubeconfig, places->kubeconfig);
  kubernetes.places = kubernetes::Places::of_process();
  kubernetes.places.kubeconfig = file;
  kubernetes.space = either(kubernetes.space, places->space);
  kubernetes.service_account = either(kubernetes.service_account, places->service_account);
  kubernetes.soon = [&] { return (*link)->deadline(); };
  health::job_runner::check_kubernetes(context.env, kubernetes, report);
  records.finish();
  return code;
}

}  // namespace

void add_cortex_doctor(Command& cortex, Chosen& chosen) {
  Command* command = cortex.add_subcommand(
      "doctor",
      "Check everything that analyzer jobs need: API, key, analyzers, a test job, Kubernetes "
      "rights, the NFS job folder");
  auto options = std::make_shared<Options>();
  command
      ->add_option("--job-directory", options->checks.job_folder,
                   "Cortex's job.directory, as mounted on this machine")
      ->type_name("DIR");
  command
      ->add_option("--job-analyzer", options->checks.job_analyzer,
                   "Analyzer for the trial job (default MaxMind_GeoIP, which has no quota)")
      ->type_name("NAME");
  command->add_option("--job-time", options->job_time, "Time limit for the trial job (default 2m)")
      ->type_name("DURATION");
  command
      ->add_option("--kubeconfig", options->kubernetes.places.kubeconfig,
                   "Kubeconfig for Kubernetes (default: KUBECONFIG, the pod's service account, "
                   "~/.kube/config)")
      ->type_name("FILE");
  command
      ->add_option("--namespace", options->kubernetes.space,
                   "Namespace of Cortex's jobs (default: that of the context or pod)")
      ->type_name("NAME");
  command
      ->add_option("--service-account", options->kubernetes.service_account,
                   "Check the rights of this account, [NAMESPACE:]NAME (default: our own)")
      ->type_name("ACCOUNT");
  command->add_flag("--require-kubernetes", options->kubernetes.required,
                    "Fail if no cluster is configured, instead of skipping");
  options->cortex.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_doctor(*options, context); };
  });
}

}  // namespace socbridge::socctl
