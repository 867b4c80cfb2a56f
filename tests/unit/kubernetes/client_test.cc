// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/client.h"

#include <catch2/catch.hpp>

#include "support/route_server.h"

namespace socbridge::kubernetes {
namespace {

using test::http_answer;
using test::RouteServer;
using Routes = RouteServer::Routes;

constexpr const char* kToken = "eyJ.t0ken.x";
const char* const kAccess = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const char* const kRules = "POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

struct Fixture {
  explicit Fixture(RouteServer::Routes routes, std::string_view account = {})
      : server(std::move(routes)), client(cluster(server.url()), account) {}
  static Cluster cluster(const std::string& url) {
    Cluster out;
    out.server = url;
    out.token = Secret(kToken);
    out.space = "cortex";
    return out;
  }
  static Deadline soon() { return Deadline::after_ms(20000); }
  RouteServer server;
  Client client;
};

Status version_status(const std::string& answer, std::string_view account = {}) {
  Fixture cluster(Routes{{"GET /version", {answer}}}, account);
  return cluster.client.version(Fixture::soon()).status();
}

std::string failure(int status, const std::string& message) {
  return http_answer(status, R"({"kind":"Status","message":")" + message + R"("})");
}

}  // namespace

TEST_CASE("kubernetes: its version, printable and bounded") {
  const auto version = [](const std::string& answer) {
    return Fixture(Routes{{"GET /version", {answer}}}).client.version(Fixture::soon()).value();
  };
  CHECK(version(R"({"gitVersion":"v1.31.2"})") == "v1.31.2");
  CHECK(version("{}") == "unknown");
  CHECK(version(R"({"gitVersion":"\u001b)" + std::string(500, 'x') + "\"}").size() <= 60);
  CHECK(version(R"({"gitVersion":"\u001b"})") == "\\u{1b}");
}

TEST_CASE("kubernetes: a right is asked of the API server as it stores it") {
  Fixture cluster(
      Routes{{kAccess, {R"({"status":{"allowed":true}})", R"({"status":{"allowed":false}})"}}});
  CHECK(cluster.client.allowed({"batch", "jobs", "create"}, "soc", Fixture::soon()).value());
  CHECK_FALSE(cluster.client.allowed({"", "pods/log", "get"}, "soc", Fixture::soon()).value());
  const auto asked = cluster.server.requests(kAccess);
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].find(std::string("Bearer ") + kToken) != std::string::npos);
  CHECK(asked[0].find("Impersonate-User") == std::string::npos);
  CHECK(asked[0].ends_with(
      R"({"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":)"
      R"({"resourceAttributes":{"namespace":"soc","verb":"create","group":"batch",)"
      R"("resource":"jobs"}}})"));
  CHECK(asked[1].find(R"("group":"","resource":"pods","subresource":"log"})") != std::string::npos);
}

TEST_CASE("kubernetes: an answer that does not allow or deny is an error, not a no") {
  for (const char* odd : {"{}", R"({"status":{"allowed":"true"}})", "[]"}) {
    Fixture cluster(Routes{{kAccess, {odd}}});
    const auto allowed = cluster.client.allowed({"", "pods", "get"}, "soc", Fixture::soon());
    CHECK(allowed.status().code() == ExitCode::refused);
  }
}

TEST_CASE("kubernetes: the rules of the account, and whether they are all") {
  Fixture cluster(Routes{{kRules,
                          {R"({"status":{"incomplete":true,"resourceRules":[
      {"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}})",
                           "{}"}}});
  const auto rules = cluster.client.rules("soc", Fixture::soon());
  REQUIRE(rules.ok());
  CHECK(rules->incomplete);
  CHECK(rights_text(rules->rights) == "get on pods");
  CHECK(cluster.server.requests(kRules).at(0).ends_with(R"("spec":{"namespace":"soc"}})"));
  const auto none = cluster.client.rules("soc", Fixture::soon());
  REQUIRE(none.ok());
  CHECK(none->rights.empty());
  CHECK_FALSE(none->incomplete);
}

TEST_CASE(
    "kubernetes: in the name of a service account, of the cluster's namespace if it names none") {
  const auto user = [](std::string_view account) {
    Fixture cluster(Routes{{"GET /version", {"{}"}}}, account);
    CHECK(cluster.client.version(Fixture::soon()).ok());
    const std::string asked = cluster.server.requests().at(0);
    const std::size_t at = asked.find("Impersonate-User: ");
    return at == std::string::npos ? "" : asked.substr(at + 18, asked.find("\r\n", at) - at - 18);
  };
  CHECK(user("").empty());
  CHECK(user("worker") == "system:serviceaccount:cortex:worker");
  CHECK(user("soc:worker") == "system:serviceaccount:soc:worker");
  // A line break in the name is not a second header.
  Fixture odd(Routes{{"GET /version", {"{}"}}}, "a\r\nX-Evil: 1");
  CHECK(odd.client.version(Fixture::soon()).status().code() == ExitCode::usage);
  CHECK(odd.server.requests().empty());
}

TEST_CASE("kubernetes: refusals have a code, a cure and the server's words without the token") {
  const Status expired = version_status(failure(401, "Unauthorized " + std::string(kToken)));
  CHECK(expired.code() == ExitCode::auth);
  CHECK(expired.message().find("HTTP 401: Unauthorized") != std::string::npos);
  CHECK(expired.message().find(kToken) == std::string::npos);
  CHECK(expired.hint() == "the token has expired or is not known to the server");
  const Status forbidden = version_status(failure(403, "no"), "worker");
  CHECK(forbidden.code() == ExitCode::auth);
  CHECK(forbidden.hint().find("impersonate") != std::string::npos);
  CHECK(version_status(failure(403, "no")).hint() == "check the permissions of the key's user");
  CHECK(version_status(failure(503, "later")).code() == ExitCode::unreachable);
  CHECK(version_status(failure(404, "no")).code() == ExitCode::refused);
  CHECK(version_status(http_answer(502, "<html>"))
            .message()
            .ends_with(": HTTP 502: an HTML page (not an answer of Kubernetes)"));
  const Status page = version_status(http_answer(200, "<html>"));
  CHECK(page.code() == ExitCode::refused);
  CHECK(page.message().ends_with(": HTTP 200 with an HTML page where JSON was expected"));
}

TEST_CASE("kubernetes: a server that does not answer is unreachable") {
  Client client(Fixture::cluster("http://127.0.0.1:" + std::to_string(http::test::closed_port())),
                {});
  const Status status = client.version(Fixture::soon()).status();
  CHECK(status.code() == ExitCode::unreachable);
  CHECK(status.message().starts_with("Kubernetes at http://127.0.0.1:"));
}

}  // namespace socbridge::kubernetes
