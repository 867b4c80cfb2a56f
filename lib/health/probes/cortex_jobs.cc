// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/kubernetes_checks.h"
#include "health/job_runner/runner_config.h"
#include "health/probes/cortex.h"

namespace socbridge::health {
namespace {

job_runner::Report report_to(Probe& probe) {
  return [&probe](Check check) {
    if (check.state == State::skipped) {
      probe.skip(check.name, check.detail, check.next);
    } else if (check.state == State::ok) {
      probe.ok(check.name, check.detail);
    } else {
      probe.add(check.name, check.state, check.cause, check.detail, check.next);
    }
  };
}

}  // namespace

void check_job_runner_config(Probe& probe, const job_runner::FileSystemOf& type_of) {
  const auto places = job_runner::read_job_runner_config(probe.env(), probe.options().flags,
                                                         probe.options().system);
  if (!places.ok()) {
    probe.fail("job folder", places.status());
    return;
  }
  if (places->directory.empty()) {
    probe.skip(
        "job folder", std::string("not checked; ") + job_runner::kSilentFailure,
        "where Cortex's job.directory is mounted, set SOCCTL_JOBS_DIRECTORY or \"directory\" "
        "in the section \"jobs\"");
  } else {
    job_runner::check_job_folder(probe.env(), places->directory, type_of,
                                 job_runner::Mode::read_only, report_to(probe));
  }
  if (!places->names_kubernetes()) {
    probe.skip("rbac", "not checked: the place of Cortex's jobs is not configured",
               "set SOCCTL_JOBS_NAMESPACE and, outside of its pod, SOCCTL_JOBS_SERVICE_ACCOUNT and "
               "SOCCTL_JOBS_KUBECONFIG, or the section \"jobs\"");
    return;
  }
  job_runner::KubernetesOptions kubernetes;
  kubernetes.places = kubernetes::Places::of_process();
  kubernetes.places.kubeconfig = places->kubeconfig;
  kubernetes.space = places->space;
  kubernetes.service_account = places->service_account;
  kubernetes.required = true;
  kubernetes.soon = [&] { return probe.deadline(); };
  job_runner::check_kubernetes(probe.env(), kubernetes, report_to(probe));
}

}  // namespace socbridge::health
