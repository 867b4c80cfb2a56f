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
  std::string service_account;     // account to impersonate; empty: our own
  bool required = false;           // a missing cluster configuration is bad, not skipped
  std::function<Deadline()> soon;  // deadline of each request
};

// Whether the account of Cortex has exactly the rights that its job runner needs: each one by a
// review of the API server, extra ones from the list of its rules. A missing right and an extra
// right are both findings.
void check_kubernetes(Env& env, const KubernetesOptions& options, const Report& report);

}  // namespace socbridge::health::job_runner
