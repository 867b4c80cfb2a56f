// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health/job_runner/job_folder.h"
#include "health/probe.h"

namespace socbridge::health {

// The environment of Cortex's jobs: the folder they share with it, and its rights in Kubernetes.
// These are the checks of `socctl cortex doctor` that change nothing; without configuration they
// are skipped.
void check_job_runner_config(Probe& probe, const health::job_runner::FileSystemOf& type_of);

}  // namespace socbridge::health
