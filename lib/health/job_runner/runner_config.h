// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"
#include "config/settings.h"
#include "profile/profile.h"

namespace socbridge::health::job_runner {

// Where Cortex runs its jobs; empty members are not configured.
struct JobRunnerConfig {
  std::string directory;  // Cortex's job.directory, as mounted on this machine
  std::string kubeconfig, space, service_account;

  // A kubeconfig in a default place may belong to any cluster, so one of these must be configured.
  bool names_kubernetes() const {
    return !kubeconfig.empty() || !space.empty() || !service_account.empty();
  }
};

// The keys of the section "jobs".
const config::Schema& job_runner_schema();

// From SOCCTL_JOBS_DIRECTORY, _KUBECONFIG, _NAMESPACE and _SERVICE_ACCOUNT, else the section "jobs"
// of socctl's configuration:
//   "jobs": { "directory": "/opt/cortex/jobs", "namespace": "cortex",
//             "service_account": "cortex:cortex", "kubeconfig": "/etc/socctl/kubeconfig" }
// Errors (usage) name the place and the nearest key.
Result<JobRunnerConfig> read_job_runner_config(Env& env, const profile::Flags& flags,
                                               const profile::SystemPaths& system);

}  // namespace socbridge::health::job_runner
