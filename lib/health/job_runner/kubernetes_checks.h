// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/env.h"
#include "base/time.h"
#include "health/job_runner/checks.h"
#include "kubernetes/kubeconfig.h"

namespace socbridge::health::job_runner {

struct KubernetesOptions {
  kubernetes::Places places;
  std::string space;               // namespace; empty: that of the context or pod
  std::string service_account;     // in whose name to ask; empty: our own
  bool required = false;           // no cluster configured is bad, not skipped
  std::function<Deadline()> soon;  // of each question
};

// Whether the account of Cortex has the rights that its job runner needs, each asked of the API
// server, and no others, by the list of its rules. Compared as sets: a verb too few and a verb too
// many are both findings.
void check_kubernetes(Env& env, const KubernetesOptions& options, const Report& report);

}  // namespace socbridge::health::job_runner
