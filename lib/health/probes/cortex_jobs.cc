// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/kubernetes_checks.h"
#include "health/job_runner/runner_config.h"
#include "health/probes/cortex.h"

namespace socbridge::health {
namespace {

// Otherwise the check itself failed.
bool is_amiss(const health::job_runner::Finding& finding) {
  return finding.code == ExitCode::degraded || finding.code == ExitCode::failure;
}

// The severity of the doctor's finding for Cortex as a component.
State state_of(const health::job_runner::Finding& finding) {
  switch (finding.state) {
    case health::job_runner::State::ok: return State::ok;
    case health::job_runner::State::skipped: return State::skipped;
    case health::job_runner::State::warning: return State::degraded;
    case health::job_runner::State::bad: break;
  }
  if (!is_amiss(finding)) return State::unknown;
  // Jobs also run with extra rights.
  return finding.check == "rbac extra" ? State::degraded : State::down;
}

Cause cause_for(const health::job_runner::Finding& finding) {
  const bool looked = finding.state != health::job_runner::State::bad || is_amiss(finding);
  return looked ? Cause::reported_error : cause_of(Status::error(finding.code, finding.text));
}

health::job_runner::Report report_to(Probe& probe) {
  return [&probe](const health::job_runner::Finding& finding) {
    const State state = state_of(finding);
    if (state == State::skipped) {
      probe.skip(finding.check, finding.text, finding.next);
    } else if (state == State::ok) {
      probe.ok(finding.check, finding.text);
    } else {
      probe.add(finding.check, state, cause_for(finding), finding.text, finding.next);
    }
  };
}

}  // namespace

void check_job_runner_config(Probe& probe, const health::job_runner::FileSystemOf& type_of) {
  const auto places = health::job_runner::read_job_runner_config(probe.env(), probe.options().flags,
                                                                 probe.options().system);
  if (!places.ok()) {
    probe.fail("job folder", places.status());
    return;
  }
  if (places->directory.empty()) {
    probe.skip(
        "job folder", std::string("not checked; ") + health::job_runner::kSilentFailure,
        "where Cortex's job.directory is mounted, set SOCCTL_JOBS_DIRECTORY or \"directory\" "
        "in the section \"jobs\"");
  } else {
    health::job_runner::check_job_folder(probe.env(), places->directory, type_of,
                                         health::job_runner::Mode::read_only, report_to(probe));
  }
  if (!places->names_kubernetes()) {
    probe.skip("rbac", "not checked: the place of Cortex's jobs is not configured",
               "set SOCCTL_JOBS_NAMESPACE and, outside of its pod, SOCCTL_JOBS_SERVICE_ACCOUNT and "
               "SOCCTL_JOBS_KUBECONFIG, or the section \"jobs\"");
    return;
  }
  health::job_runner::KubernetesOptions kubernetes;
  kubernetes.places = kubernetes::Places::of_process();
  kubernetes.places.kubeconfig = places->kubeconfig;
  kubernetes.space = places->space;
  kubernetes.service_account = places->service_account;
  kubernetes.required = true;
  kubernetes.soon = [&] { return probe.deadline(); };
  health::job_runner::check_kubernetes(probe.env(), kubernetes, report_to(probe));
}

}  // namespace socbridge::health
