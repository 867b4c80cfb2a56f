// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/kubernetes_checks.h"

#include "base/text.h"
#include "base/time.h"
#include "kubernetes/client.h"

namespace socbridge::health::job_runner {
namespace {

constexpr const char* kManifest = "apply packaging/kubernetes/cortex/rbac.yaml";

void check_extra(const kubernetes::Client::Rules& rules, const Report& report) {
  const kubernetes::Rights extra = kubernetes::minus(rules.rights, kubernetes::cortex_rights());
  if (!extra.empty()) {
    report(warning("rbac extra",
                   "more than the job runner needs: " + kubernetes::rights_text(extra),
                   std::string(kManifest) +
                       "; if this is not the account of Cortex, name it with --service-account"));
  } else if (rules.incomplete) {
    report(warning("rbac extra", "the API server cannot list all rules of the account",
                   "compare the role with packaging/kubernetes/cortex/rbac.yaml by hand"));
  } else {
    report(good("rbac extra", "no right beyond what the job runner needs"));
  }
}

}  // namespace

void check_kubernetes(Env& env, const KubernetesOptions& options, const Report& report) {
  const auto cluster = kubernetes::find_cluster(env, options.places);
  if (!cluster.ok()) {
    if (options.required || !options.places.kubeconfig.empty()) {
      report(failed("kubernetes", cluster.status()));
    } else {
      report(skipped("kubernetes", cluster.status().message(), cluster.status().hint()));
    }
    return;
  }
  const std::string space = options.space.empty() ? cluster->space : options.space;
  kubernetes::Client client(*cluster, options.service_account);
  const auto version = client.version(options.soon());
  if (!version.ok()) {
    report(failed("kubernetes", version.status()));
    return;
  }
  report(good("kubernetes", *version + " by " + printable(cluster->origin, 100) + ", namespace " +
                                printable(space, 60)));
  kubernetes::Rights missing;
  for (const kubernetes::Right& right : kubernetes::cortex_rights()) {
    const auto allowed = client.allowed(right, space, options.soon());
    if (!allowed.ok()) {
      report(failed("rbac", allowed.status()));
      return;
    }
    if (!*allowed) missing.insert(right);
  }
  if (missing.empty()) {
    report(good("rbac", kubernetes::rights_text(kubernetes::cortex_rights())));
  } else {
    report(bad("rbac", "the job runner may not " + kubernetes::rights_text(missing), kManifest));
  }
  const auto rules = client.rules(space, options.soon());
  if (!rules.ok()) {
    report(failed("rbac extra", rules.status()));
    return;
  }
  check_extra(*rules, report);
}

}  // namespace socbridge::health::job_runner
