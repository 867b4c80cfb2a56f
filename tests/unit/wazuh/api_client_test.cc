// SPDX-License-Identifier: Apache-2.0
#include "wazuh/api_client.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"
#include "support/raw_server.h"

namespace socbridge::wazuh {
namespace {

using http::test::Peer;
using http::test::RawServer;
using socbridge::test::CannedServer;
using socbridge::test::http_answer;

Deadline soon() { return Deadline::after_ms(5000); }

const std::string kToken = http_answer(200, R"({"data":{"token":"t0ken-of-the-api"},"error":0})");

// The manager's API that gives these answers after the login.
struct Manager {
  explicit Manager(std::vector<std::string> answers) : server(with_login(std::move(answers))) {
    REQUIRE(client.log_in(soon()).ok());
  }
  static std::vector<std::string> with_login(std::vector<std::string> answers) {
    answers.insert(answers.begin(), kToken);
    return answers;
  }
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  ApiClient client{http, {kApiErrors, server.url(), "reader", Secret("pass-w0rd")}};
};

Status login_of(const std::string& answer) {
  const CannedServer server({answer});
  http::Client http{http::ClientOptions{}};
  ApiClient client(http, {kApiErrors, server.url(), "reader", Secret("pass-w0rd")});
  return client.log_in(soon());
}

AgentCounts agents_of(const std::string& body) {
  Manager manager({http_answer(200, body)});
  const auto agents = manager.client.agents(soon());
  INFO(agents.status().line());
  REQUIRE(agents.ok());
  return *agents;
}

}  // namespace

TEST_CASE("name and password are sent for the token, and the token for all else") {
  const RawServer server([](Peer& peer) {
    while (!peer.read_request().empty()) {
      peer.send(http::test::answer("200 OK", R"({"data":{"token":"t0ken","api_version":"4.14.0"}})",
                                   "Content-Type: application/json\r\n"));
    }
  });
  http::Client http{http::ClientOptions{}};
  ApiClient client(http,
                   {kApiErrors, "http://" + server.host_port(), "reader", Secret("pass-w0rd")});
  CHECK(client.first_ms() == -1);
  REQUIRE(client.log_in(soon()).ok());
  CHECK(client.first_ms() >= 0);
  const std::string login = server.received();
  CHECK(login.starts_with("POST /security/user/authenticate HTTP/1.1\r\n"));
  CHECK(login.find("Authorization: Basic cmVhZGVyOnBhc3MtdzByZA==\r\n") != std::string::npos);
  CHECK(client.version(soon()).value() == "4.14.0");
  const std::string later = server.received().substr(login.size());
  CHECK(later.starts_with("GET / HTTP/1.1\r\n"));
  CHECK(later.find("Authorization: Bearer t0ken\r\n") != std::string::npos);
  CHECK(later.find("Basic") == std::string::npos);
}

TEST_CASE("a login without a token is refused, with the port that was meant") {
  for (const char* body :
       {"{}", "[]", R"({"data":{}})", R"({"data":{"token":""}})", R"({"data":{"token":5}})"}) {
    CAPTURE(body);
    const Status status = login_of(http_answer(200, body));
    CHECK(status.code() == ExitCode::refused);
    CHECK(status.line() ==
          "Wazuh API: the login answered without a token; check that the URL is that of the "
          "manager's "
          "API (port 55000)");
  }
}

TEST_CASE("a refused or unanswered login says so without the password") {
  const Status refused =
      login_of(http_answer(401, R"({"title":"Unauthorized","detail":"Invalid: pass-w0rd"})"));
  CHECK(refused.code() == ExitCode::auth);
  CHECK(refused.line().find("pass-w0rd") == std::string::npos);
  CHECK(login_of(http_answer(500, "{}")).code() == ExitCode::unreachable);
  http::Client http{http::ClientOptions{}};
  ApiClient gone(http, {kApiErrors, "http://127.0.0.1:" + std::to_string(http::test::closed_port()),
                        "reader", Secret("pass-w0rd")});
  CHECK(gone.log_in(soon()).code() == ExitCode::unreachable);
}

TEST_CASE("the manager's daemons with their states") {
  Manager manager({http_answer(
      200, R"({"data":{"affected_items":[{"wazuh-analysisd":"running","wazuh-integratord":
              "stopped","odd":{}}]}})")});
  const auto daemons = manager.client.daemons(soon());
  REQUIRE(daemons.ok());
  REQUIRE(daemons->size() == 3);
  CHECK((*daemons)[0].name == "wazuh-analysisd");
  CHECK((*daemons)[0].status == "running");
  CHECK((*daemons)[1].status == "stopped");
  CHECK((*daemons)[2].status.empty());
  CHECK(manager.server.requests()[1].starts_with("GET /manager/status "));
  Manager none({http_answer(200, R"({"data":{"affected_items":[]}})")});
  CHECK(none.client.daemons(soon())->empty());
  Manager refused({http_answer(403, R"({"title":"Permission Denied"})")});
  CHECK(refused.client.daemons(soon()).status().code() == ExitCode::auth);
}

TEST_CASE("agents by the state of their connection, as Wazuh has it since 4.4 and before") {
  const AgentCounts now = agents_of(R"({"data":{"connection":{"active":7,"disconnected":2,
      "never_connected":1,"pending":3,"total":13},"configuration":{"synced":9}}})");
  CHECK(now.active == 7);
  CHECK(now.disconnected == 2);
  CHECK(now.never_connected == 1);
  CHECK(now.pending == 3);
  const AgentCounts before = agents_of(R"({"data":{"active":5,"disconnected":-1,"pending":"x"}})");
  CHECK(before.active == 5);
  CHECK(before.disconnected == 0);
  CHECK(before.pending == 0);
}

TEST_CASE("an answer that counts no agents is not the API's") {
  for (const char* body : {"{}", R"({"data":[]})", R"({"data":{"connection":{"active":"7"}}})",
                           R"({"data":{"active":-1}})", R"({"data":{"active":1.5}})"}) {
    CAPTURE(body);
    Manager manager({http_answer(200, body)});
    const Status status = manager.client.agents(soon()).status();
    CHECK(status.code() == ExitCode::refused);
    CHECK(status.message() == "Wazuh API: the answer has no agent counts");
  }
}

TEST_CASE("the load of the engine is empty where the API does not know the request") {
  Manager old({http_answer(404, R"({"title":"Not Found"})")});
  const auto none = old.client.engine_load(soon());
  REQUIRE(none.ok());
  CHECK_FALSE(none->has_value());
  Manager now({http_answer(200, R"({"data":{"affected_items":[{"name":"wazuh-analysisd",
      "metrics":{"events":{"processed":90,"received":100}}}]}})")});
  const auto load = now.client.engine_load(soon());
  REQUIRE(load.ok());
  REQUIRE(load->has_value());
  CHECK((*load)->processed == 90);
  CHECK(now.server.requests()[1].starts_with(
      "GET /manager/daemons/stats?daemons_list=wazuh-analysisd,wazuh-remoted "));
  Manager refused({http_answer(403, R"({"title":"Permission Denied"})")});
  CHECK(refused.client.engine_load(soon()).status().code() == ExitCode::auth);
}

}  // namespace socbridge::wazuh
