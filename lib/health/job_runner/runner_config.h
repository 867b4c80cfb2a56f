#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"
#include "profile/profile.h"

namespace socbridge::health::job_runner {

// Where Cortex runs its jobs, as far as it was told; empty: not told.
struct JobPlaces {
  std::string directory;  // Cortex's job.directory, as it is mounted here
  std::string kubeconfig, space, service_account;

  // A kubeconfig that happens to lie about may be of any cluster: one of these must be told.
  bool names_kubernetes() const {
    return !kubeconfig.empty() || !space.empty() || !service_account.empty();
  }
};

// From SOCCTL_JOBS_DIRECTORY, _KUBECONFIG, _NAMESPACE and _SERVICE_ACCOUNT, else the section "jobs"
// of socctl's configuration:
//   "jobs": { "directory": "/opt/cortex/jobs", "namespace": "cortex",
//             "service_account": "cortex:cortex", "kubeconfig": "/etc/socctl/kubeconfig" }
// Errors (usage) name the place and the nearest key.
Result<JobPlaces> read_job_places(Env& env, const profile::Flags& flags,
                                  const profile::SystemPaths& surroundings);

}  // namespace socbridge::health::job_runner
