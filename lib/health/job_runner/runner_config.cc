// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/runner_config.h"

#include "profile/section.h"

namespace socbridge::health::job_runner {
namespace {

struct Place {
  const char* key;
  const char* variable;
  std::string JobRunnerConfig::*target;
};
constexpr Place kPlaces[] = {
    {"directory", "SOCCTL_JOBS_DIRECTORY", &JobRunnerConfig::directory},
    {"kubeconfig", "SOCCTL_JOBS_KUBECONFIG", &JobRunnerConfig::kubeconfig},
    {"namespace", "SOCCTL_JOBS_NAMESPACE", &JobRunnerConfig::space},
    {"service_account", "SOCCTL_JOBS_SERVICE_ACCOUNT", &JobRunnerConfig::service_account}};

}  // namespace

const config::Schema& job_runner_schema() {
  using config::Kind;
  static const config::Schema all = {
      {"directory", Kind::string, R"("")", "Cortex's job.directory, as mounted on this machine"},
      {"kubeconfig", Kind::string, R"("")", "kubeconfig for access to Kubernetes"},
      {"namespace", Kind::string, R"("")", "namespace of Cortex's jobs"},
      {"service_account", Kind::string, R"("")", "service account to check, [NAMESPACE:]NAME"},
  };
  return all;
}

Result<JobRunnerConfig> read_job_runner_config(Env& env, const profile::Flags& flags,
                                               const profile::SystemPaths& system) {
  JobRunnerConfig out;
  const auto section = profile::find_section(env, "jobs", flags, system);
  if (!section.ok()) return section.status();
  if (section->found()) {
    const Status good = profile::check_object(*section, {}, section->value(), job_runner_schema());
    if (!good.ok()) return good;
  }
  for (const Place& place : kPlaces) {
    const std::string_view own = system.variable(place.variable);
    const auto written = section->value()[place.key].string();
    out.*place.target = std::string(own.empty() ? written.value_or("") : own);
  }
  return out;
}

}  // namespace socbridge::health::job_runner
