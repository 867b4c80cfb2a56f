// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/kubernetes_checks.h"

#include <catch2/catch.hpp>

#include "checks.h"
#include "kubernetes/rbac.h"
#include "support/route_server.h"
#include "support/temp_dir.h"

namespace socbridge::health::job_runner {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;

const char* const kAccess = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const char* const kRules = "POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
constexpr const char* kYes = R"({"status":{"allowed":true}})";
constexpr const char* kNo = R"({"status":{"allowed":false}})";
constexpr const char* kManifest = "apply packaging/kubernetes/cortex/rbac.yaml";

std::string rules(const std::string& more, const char* incomplete = "false") {
  return R"({"status":{"incomplete":)" + std::string(incomplete) + R"(,"resourceRules":[
      {"apiGroups":["batch"],"resources":["jobs"],"verbs":["create","get","list","watch","delete"]},
      {"apiGroups":[""],"resources":["pods","pods/log"],"verbs":["get","list","watch"]})" +
         more + "]}}";
}

RouteServer::Routes well() {
  return {
      {"GET /version", {R"({"gitVersion":"v1.31.2"})"}}, {kAccess, {kYes}}, {kRules, {rules("")}}};
}

struct Checked : test::Checks {
  explicit Checked(RouteServer::Routes routes, KubernetesOptions options = {})
      : server(std::move(routes)) {
    options.places.kubeconfig = folder.write(
        "config",
        "apiVersion: v1\nkind: Config\ncurrent-context: x\nclusters:\n- name: c\n  cluster: "
        "{server: \"" +
            server.url() +
            "\"}\ncontexts:\n- name: x\n  context: {cluster: c, user: u, "
            "namespace: cortex}\nusers:\n- name: u\n  user: {token: t0ken}\n");
    options.soon = [] { return Deadline::after_ms(20000); };
    check_kubernetes(Env::real(), options, report());
  }
  const socbridge::test::TempDir folder;
  RouteServer server;
};

Checked with(const std::string& route, const std::string& answer) {
  RouteServer::Routes routes = well();
  routes[route] = {answer};
  return Checked(std::move(routes));
}

}  // namespace

TEST_CASE("kubernetes rights: those of the job runner and no others") {
  const Checked cluster(well());
  REQUIRE(cluster.all.size() == 3);
  CHECK(cluster.said("kubernetes").starts_with("ok: v1.31.2 by "));
  CHECK(cluster.said("kubernetes").ends_with(", namespace cortex"));
  CHECK(cluster.said("rbac").starts_with("ok: "));
  CHECK(cluster.said("rbac extra") == "ok: no right beyond what the job runner needs");
  // Each right is asked by itself: a list of rules may not be all.
  CHECK(cluster.server.count(kAccess) == kubernetes::cortex_rights().size());
}

TEST_CASE("kubernetes rights: the namespace and the account that are named are asked about") {
  KubernetesOptions options;
  options.space = "soc";
  options.service_account = "worker";
  const Checked cluster(well(), options);
  CHECK(cluster.said("kubernetes").ends_with(", namespace soc"));
  for (const std::string& one : cluster.server.requests("POST ")) {
    CHECK(one.find(R"("namespace":"soc")") != std::string::npos);
    CHECK(one.find("Impersonate-User: system:serviceaccount:cortex:worker") != std::string::npos);
  }
}

TEST_CASE("kubernetes rights: a verb too few and a verb too many are both bad") {
  RouteServer::Routes routes = well();
  routes[kAccess] = {kNo, kYes};
  routes[kRules] = {rules(R"(,{"apiGroups":[""],"resources":["secrets"],"verbs":["list"]})")};
  const Checked cluster(routes);
  CHECK(cluster.said("rbac").starts_with("down: the job runner may not "));
  CHECK(cluster.of("rbac").next == kManifest);
  CHECK(cluster.said("rbac extra") == "degraded: more than the job runner needs: list on secrets");
  CHECK(cluster.of("rbac extra").next.starts_with(kManifest));
  CHECK(cluster.of("rbac").cause == Cause::reported_error);
}

TEST_CASE("kubernetes rights: rules that are not all listed are a warning") {
  CHECK(with(kRules, rules("", "true")).said("rbac extra") ==
        "degraded: the API server cannot list all rules of the account");
  CHECK(with(kRules, rules(R"(,{"apiGroups":["*"],"resources":["*"],"verbs":["*"]})", "true"))
            .said("rbac extra") == "degraded: more than the job runner needs: * on */*");
}

TEST_CASE("kubernetes rights: what cannot be asked is bad with the code of the refusal") {
  const std::string forbidden = http_answer(403, R"({"kind":"Status","message":"no"})");
  const Checked closed = with("GET /version", forbidden);
  REQUIRE(closed.all.size() == 1);
  CHECK(closed.of("kubernetes").cause == Cause::auth);
  const Checked reviews = with(kAccess, forbidden);
  CHECK(reviews.of("rbac").cause == Cause::auth);
  CHECK(reviews.said("rbac extra").empty());
  CHECK(reviews.server.count(kAccess) == 1);
  const Checked list = with(kRules, http_answer(500, "{}"));
  CHECK(list.said("rbac").starts_with("ok: "));
  CHECK(list.of("rbac extra").cause == Cause::unreachable);
}

TEST_CASE("kubernetes rights: no cluster is skipped, unless one is required or named") {
  const socbridge::test::TempDir nothing;
  KubernetesOptions options;
  options.places.pod_folder = nothing.path();
  options.soon = [] { return Deadline::after_ms(1000); };
  const auto state = [&] {
    test::Checks found;
    check_kubernetes(Env::real(), options, found.report());
    REQUIRE(found.all.size() == 1);
    CHECK(found.all[0].name == "kubernetes");
    return std::string(state_name(found.all[0].state));
  };
  CHECK(state() == "skipped");
  options.required = true;
  CHECK(state() == "unknown");
  options.required = false;
  options.places.kubeconfig = nothing / "none";
  CHECK(state() == "unknown");
}

}  // namespace socbridge::health::job_runner
