// SPDX-License-Identifier: Apache-2.0
// Which TheHive answers, and what its refusals mean.
#include <catch2/catch.hpp>

#include "http/explain.h"
#include "support/canned_server.h"
#include "support/raw_server.h"
#include "support/said.h"
#include "thehive/answer.h"
#include "thehive/client.h"

namespace socbridge::thehive {
namespace {

using http::test::answer;
using test::http_answer;

Deadline soon() { return Deadline::after_ms(20000); }

// A server with these answers below a path prefix, and a client of it.
struct Scripted {
  explicit Scripted(std::vector<std::string> answers) : server(std::move(answers)) {}
  std::string line(std::size_t at) const { return server.requests().at(at); }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http, {server.url() + "/prefix/", Secret("KEY0123456789abc"), ""}};
};

http::Outcome page(int status, const std::string& body) {
  http::Outcome outcome = test::said(status, body);
  outcome.response.content_type = "text/html";
  return outcome;
}

}  // namespace

TEST_CASE("client probe: versions 5 and 4 are told apart") {
  Scripted five({http_answer(200, R"({"version":"5.7.3-1"})")});
  const auto new_one = five.client.probe_version(soon());
  REQUIRE(new_one.ok());
  CHECK(new_one->api == ApiVersion::v5);
  CHECK(new_one->version == "5.7.3-1");
  Scripted four({http_answer(404, R"({"type":"NotFound","message":"x"})"),
                 http_answer(200, R"({"versions":{"TheHive":"4.1.24-1"}})")});
  const auto old_one = four.client.probe_version(soon());
  REQUIRE(old_one.ok());
  CHECK(old_one->api == ApiVersion::v4);
  CHECK(old_one->version == "4.1.24-1");
  CHECK(four.line(0) == "GET /prefix/api/v1/status/public HTTP/1.1");
  CHECK(four.line(1) == "GET /prefix/api/status HTTP/1.1");
}

TEST_CASE("another server is refused, an absent one is unreachable") {
  Scripted other({http_answer(404, "no"), http_answer(200, "{}")});
  CHECK(other.client.probe_version(soon()).status().code() == ExitCode::refused);
  Scripted nothing({http_answer(404, "no"), http_answer(404, "no")});
  CHECK(nothing.client.probe_version(soon()).status().code() == ExitCode::refused);
  http::Client http{http::ClientOptions{}};
  Client away(http,
              {"http://127.0.0.1:" + std::to_string(http::test::closed_port()), Secret(), ""});
  CHECK(away.probe_version(soon()).status().code() == ExitCode::unreachable);
}

TEST_CASE("asking for the version does not send the key to public paths") {
  const http::test::RawServer server([](http::test::Peer& peer) {
    peer.read_request();
    peer.send(answer("200 OK", R"({"version":"5.7.3-1"})"));
  });
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("KEY0123456789"), ""});
  CHECK(client.probe_version(Deadline::after_ms(3000)).ok());
  CHECK(server.received().find("KEY0123456789") == std::string::npos);
}

TEST_CASE("before version 4 TheHive is refused with its version") {
  Scripted s({http_answer(404, "{}"), http_answer(200, R"({"versions":{"TheHive":"3.5.1-1"}})")});
  const Status status = s.client.probe_version(soon()).status();
  CHECK(status.code() == ExitCode::refused);
  CHECK(status.line() == "TheHive 3.5.1-1 is not supported; use TheHive 4 or 5");
}

TEST_CASE("a wrong path prefix and another server are told apart") {
  const std::string no_route = http_answer(404, R"({"type":"NotFound","message":"x"})");
  Scripted below({no_route, no_route});
  const Status prefix = below.client.probe_version(soon()).status();
  CHECK(prefix.code() == ExitCode::refused);
  CHECK(prefix.hint() == "check the URL and its path prefix");
  CHECK_THAT(prefix.message(),
             Catch::StartsWith("TheHive answers, but not below " + below.server.url()));
  Scripted other({http_answer(200, R"({"versions":{"Cortex":"4.1.0"}})")});
  CHECK_THAT(other.client.probe_version(soon()).status().message(),
             Catch::Contains("does not look like TheHive 4 or 5"));
}

TEST_CASE("a version that fails is asked at the second path only where the first says so") {
  Scripted s({http_answer(503, R"({"type":"Unavailable","message":"starting"})")});
  const Status status = s.client.probe_version(soon()).status();
  CHECK(status.code() == ExitCode::unreachable);
  CHECK_THAT(status.message(), Catch::StartsWith("asking " + s.server.url()) &&
                                   Catch::EndsWith("HTTP 503 Unavailable: starting"));
  CHECK(s.server.requests().size() == 1);
}

TEST_CASE("a hostile version is short and printable") {
  Scripted s({http_answer(200, R"({"version":"5.\u001b[2J\n)" + std::string(5000, 'x') + "\"}")});
  const auto found = s.client.probe_version(soon());
  REQUIRE(found.ok());
  CHECK(found->version.find_first_of("\x1b\n") == std::string::npos);
  CHECK(found->version.size() < 100);
}

TEST_CASE("the version is asked for once in a client's life, and again after a failure") {
  Scripted s({http_answer(503, "{}"), http_answer(200, R"({"version":"5.7.3-1"})")});
  CHECK_FALSE(s.client.version(soon()).ok());
  for (int i = 0; i < 3; ++i) CHECK(s.client.version(soon())->version == "5.7.3-1");
  CHECK(s.server.requests().size() == 2);
}

TEST_CASE("versions are compared by number, not by text") {
  const Client::VersionInfo info{ApiVersion::v5, "5.10.2-1"};
  CHECK(info.at_least(5, 9));
  CHECK(info.at_least(5, 10));
  CHECK_FALSE(info.at_least(5, 11));
  CHECK(info.at_least(4, 99));
  CHECK_FALSE(info.at_least(6, 0));
  CHECK_FALSE(Client::VersionInfo{ApiVersion::v5, "5"}.at_least(5, 1));
}

TEST_CASE("the status of a refusal has code, words and cure") {
  const auto status = [](const http::Outcome& outcome) {
    return http::explain("asking", outcome, kErrors);
  };
  const Status key = status(test::error(401, "AuthenticationError", "no"));
  CHECK(key.code() == ExitCode::auth);
  CHECK(key.line() == "asking: HTTP 401 AuthenticationError: no; check the key");
  for (const int code : {402, 403}) {
    const Status right = status(test::error(code, "AuthorizationError", "no"));
    CHECK(right.code() == ExitCode::auth);
    CHECK(right.hint() == "check the permissions of the key's user");
  }
  for (const int code : {408, 425, 429}) {
    const Status later = status(test::error(code, "Busy", "x"));
    CHECK(later.code() == ExitCode::unreachable);
    CHECK(later.hint() == "try again later");
  }
  CHECK(status(test::error(400, "BadRequest", "x")).code() == ExitCode::refused);
  CHECK(status(test::error(499, "X", "x")).code() == ExitCode::refused);
  CHECK(status(test::error(500, "X", "x")).code() == ExitCode::unreachable);
}

TEST_CASE("what something before TheHive refuses says nothing about the key") {
  for (const int code : {401, 402, 403, 407}) {
    const Status status = http::explain("asking", page(code, "<title>Login</title>"), kErrors);
    CHECK(status.code() == ExitCode::unreachable);
    CHECK_THAT(status.message(), Catch::Contains("a proxy or firewall answered, not TheHive"));
  }
  http::Outcome moved = page(302, "");
  moved.response.headers.emplace_back("location", "https://u:pw@sso.example/login?k=1");
  const Status status = http::explain("asking", moved, kErrors);
  CHECK(status.code() == ExitCode::refused);
  CHECK_THAT(status.message(), Catch::Contains("sso.example") && !Catch::Contains("pw"));
}

TEST_CASE("a URL that cannot be used is a mistake of the user, no answer is not") {
  http::Outcome outcome;
  outcome.error = "line\nbreak";
  outcome.failure = http::FailureKind::bad_url;
  CHECK(http::explain("asking", outcome, kErrors).code() == ExitCode::usage);
  outcome.failure = http::FailureKind::connect;
  const Status away = http::explain("asking", outcome, kErrors);
  CHECK(away.code() == ExitCode::unreachable);
  CHECK(away.message().find('\n') == std::string::npos);
}

}  // namespace socbridge::thehive
