// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <memory>

#include "base/time.h"
#include "raw_client.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;

TEST_CASE("only the right key opens, and it must be there") {
  Sandbox sandbox;
  const auto status_with = [&](std::string_view headers) {
    RawClient client(sandbox.port());
    client.send(RawClient::request("GET", "/api/v1/user/current", {}, headers));
    const Reply reply = client.receive();
    if (reply.status == 401) {
      CHECK(reply.body == R"({"type":"AuthenticationError","message":"Authentication failure"})");
    }
    return reply.status;
  };
  CHECK(status_with("Authorization: Bearer test-key\r\n") == 200);
  CHECK(status_with("") == 401);
  CHECK(status_with("Authorization: Bearer wrong\r\n") == 401);
  CHECK(status_with("Authorization: Bearer \r\n") == 401);
  CHECK(status_with("Authorization: Basic dGVzdA==\r\n") == 401);
  CHECK(status_with("Authorization: Bearer test-key\r\nX-Organisation: sandbox\r\n") == 200);
  CHECK(status_with("Authorization: Bearer test-key\r\nX-Organisation: other\r\n") == 403);
}

TEST_CASE("without a configured key any key is accepted, but one is required") {
  auto any = options();
  any.key = Secret();
  Sandbox sandbox(std::move(any));
  CHECK(sandbox.ask("GET", "/api/v1/user/current").status == 200);
  RawClient client(sandbox.port());
  client.send(RawClient::request("GET", "/api/v1/user/current", {}, ""));
  CHECK(client.receive().status == 401);
}

TEST_CASE("server: status calls") {
  Sandbox sandbox;
  RawClient client(sandbox.port());
  client.send(RawClient::request("GET", "/api/v1/status/public", {}, ""));
  const Reply open = client.receive();
  CHECK(open.status == 200);
  CHECK(parsed(open).root()["version"].string() == "5.7.3-1");
  const auto old = parsed(client.ask("GET", "/api/status"));
  CHECK(old.root()["versions"]["TheHive"].string() == "5.7.3-1");
  CHECK(client.ask("GET", "/api/health").body == "Ok");
  CHECK(parsed(client.ask("GET", "/api/v1/status")).root()["license"]["isValid"].boolean() == true);
  CHECK(
      parsed(client.ask("GET", "/api/v1/license/current")).root()["license"]["current"].boolean() ==
      true);
  const auto user = parsed(client.ask("GET", "/api/v1/user/current"));
  CHECK(user.root()["organisation"].string() == "sandbox");
  CHECK(user.root()["permissions"].dump().find("manageAlert/create") != std::string::npos);
}

TEST_CASE("a fresh platform has sixteen observable types and username is not among them") {
  Sandbox sandbox;
  CHECK(sandbox.query(R"({"_name":"listObservableType"},{"_name":"count"})").root().integer() ==
        16);
  CHECK(sandbox.ask("GET", "/api/v1/observable/type/ip").status == 200);
  CHECK(sandbox.ask("GET", "/api/v1/observable/type/username").status == 404);
  const auto file = parsed(sandbox.ask("GET", "/api/v1/observable/type/file"));
  CHECK(file.root()["isAttachment"].boolean() == true);
}

TEST_CASE("invalid JSON and unknown routes are refused") {
  Sandbox sandbox;
  for (const char* body : {"", "{", "[]", "null", "{\"a\":1}}", "{'a':1}", "{\"type\":\"a\nb\"}",
                           "{\"type\":\"\xff\"}", "{\"type\":\"a\x01\"}"}) {
    INFO(body);
    const Reply reply = sandbox.ask("POST", "/api/v1/alert", body);
    CHECK(reply.status == 400);
    CHECK(error_type(reply) == "BadRequest");
    CHECK(error_message(reply).find("Invalid json") == 0);
  }
  CHECK(sandbox.ask("GET", "/api/v1/nothing").status == 404);
  CHECK(error_type(sandbox.ask("PUT", "/api/v1/alert", "{}")) == "NotFoundError");
  CHECK(sandbox.ask("POST", "/api/alert", alert()).status == 404);
  CHECK(sandbox.ask("POST", "/api/v1/alert/~1/artifact", "{}").status == 404);
}

TEST_CASE("a body must say that it is JSON since 5.4.10") {
  const auto post = [](Sandbox& sandbox, std::string_view type) {
    RawClient client(sandbox.port());
    client.send(RawClient::request("POST", "/api/v1/alert", alert(),
                                   "Authorization: Bearer test-key\r\n" + std::string(type)));
    return client.receive().status;
  };
  Sandbox sandbox;
  CHECK(post(sandbox, "") == 400);
  CHECK(post(sandbox, "Content-Type: text/plain\r\n") == 400);
  CHECK(post(sandbox, "Content-Type: application/x-www-form-urlencoded\r\n") == 400);
  CHECK(post(sandbox, "Content-Type: Application/JSON; charset=UTF-8\r\n") == 201);
  Sandbox old(options({}, "5.3.0-1"));
  CHECK(post(old, "Content-Type: text/plain\r\n") == 201);
}

TEST_CASE("a body over the limit is 413 and the connection continues") {
  Sandbox sandbox;
  RawClient client(sandbox.port());
  const std::string big = alert("\"description\":\"" + std::string(10 << 20, 'x') + "\"");
  const Reply reply = client.ask("POST", "/api/v1/alert", big);
  CHECK(reply.status == 413);
  CHECK(error_type(reply) == "Unknown");
  CHECK(client.ask("GET", "/api/v1/user/current").status == 200);
}

TEST_CASE("connections are kept, bodies may come in chunks or after 100-continue") {
  Sandbox sandbox;
  RawClient client(sandbox.port());
  const std::string body = alert();
  client.send("POST /api/v1/alert HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" +
              std::string(kHeaders) + "\r\n5\r\n" + body.substr(0, 5) + "\r\n");
  char size[16];
  std::snprintf(size, sizeof size, "%zx", body.size() - 5);
  client.send(std::string(size) + "\r\n" + body.substr(5) + "\r\n0\r\n\r\n");
  CHECK(client.receive().status == 201);
  const std::string second = alert(R"("sourceRef":"b")");
  client.send("POST /api/v1/alert HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(second.size()) + "\r\n" + std::string(kHeaders) + "\r\n");
  CHECK(client.receive().status == 100);
  client.send(second);
  CHECK(client.receive().status == 201);
  CHECK(client.ask("DELETE", "/api/v1/alert/wazuh%3Bmgr%3Bb").status == 204);
  CHECK(client.ask("GET", "/api/v1/alert/wazuh%3Bmgr%3Br-1").status == 200);
}

TEST_CASE("random bytes are not HTTP and cause no harm") {
  Sandbox sandbox;
  for (const std::string& bytes :
       {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"), std::string("\x16\x03\x01\x02", 4),
        std::string("GET / HTTP/9.9\r\n\r\n"),
        "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n",
        std::string("POST /api/v1/alert HTTP/1.1\r\nContent-Length: -5\r\n\r\n")}) {
    RawClient client(sandbox.port());
    client.send(bytes);
    CHECK(client.receive(300).status != 201);
  }
  CHECK(sandbox.ask("GET", "/api/v1/user/current").status == 200);
}

TEST_CASE("server: a path prefix is part of every path") {
  auto with_prefix = options();
  with_prefix.path_prefix = "/thehive";
  with_prefix.fail_rules = {"status=418,path=/api/status"};
  Sandbox sandbox(std::move(with_prefix));
  CHECK(sandbox.ask("GET", "/thehive/api/v1/user/current").status == 200);
  CHECK(sandbox.ask("GET", "/api/v1/user/current").status == 404);
  CHECK(sandbox.ask("GET", "/thehive/api/status").status == 418);
  CHECK(sandbox.ask("GET", "/thehive/").status == 200);
  CHECK(sandbox.server().url() ==
        "http://127.0.0.1:" + std::to_string(sandbox.port()) + "/thehive");
}

TEST_CASE("two hundred open connections do not keep a new one waiting") {
  Sandbox sandbox;
  std::vector<std::unique_ptr<RawClient>> open;
  for (int i = 0; i < 200; ++i) open.push_back(std::make_unique<RawClient>(sandbox.port()));
  for (auto& client : open) REQUIRE(client->ask("GET", "/api/status").status == 200);
  CHECK(sandbox.ask("GET", "/api/status").status == 200);
  CHECK(sandbox.server().request_count() == 201);
  const std::int64_t begin = steady_now_ms();
  sandbox.server().stop();
  CHECK(steady_now_ms() - begin < 2000);
}

TEST_CASE("latency is waited for, on the API only") {
  auto slow = options();
  slow.latency_ms = 100;
  Sandbox sandbox(std::move(slow));
  std::int64_t begin = steady_now_ms();
  CHECK(sandbox.ask("GET", "/api/status").status == 200);
  CHECK(steady_now_ms() - begin >= 100);
  CHECK(sandbox.ask("GET", "/").status == 200);
}

TEST_CASE("server: a failed start has a reason") {
  Sandbox first;
  auto taken = options();
  taken.port = first.port();
  const auto second = sandbox::Server::start(std::move(taken));
  REQUIRE_FALSE(second.ok());
  CHECK(second.status().code() == ExitCode::failure);
  CHECK(second.status().message().find(std::to_string(first.port())) != std::string::npos);

  const auto bad_version = sandbox::Server::start(options({}, "3.5"));
  CHECK(bad_version.status().code() == ExitCode::usage);
  const auto bad_rule = sandbox::Server::start(options({"hangg"}));
  CHECK(bad_rule.status().code() == ExitCode::usage);
  CHECK(bad_rule.status().hint() == "did you mean hang?");
}
