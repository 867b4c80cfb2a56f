// SPDX-License-Identifier: Apache-2.0
// How requests go to OpenCTI, and which of them are sent again.
#include "opencti/client.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"
#include "support/fake_clock.h"
#include "support/graphql_server.h"

namespace socbridge::opencti {
namespace {

using test::CannedServer;
using test::graphql_error;
using test::http_answer;

const std::string kData = R"({"data":{"about":{"version":"6.8.0"}}})";

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<Answer> post(Operation operation = Operation::query, std::int64_t ms = 60000) {
    return client.post("asking", "{ about { version } }", {}, Deadline::after_ms(ms), operation);
  }
  FakeClock clock;
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http, {server.url(), Secret("the-token")}};
};

}  // namespace

TEST_CASE("the base URL is what stands before /graphql") {
  for (const char* url : {"https://cti.example/cti", "https://cti.example/cti/",
                          "https://cti.example/cti/graphql", "https://cti.example/cti/graphql/"}) {
    CHECK(base_url(url) == "https://cti.example/cti");
  }
  CHECK(base_url("https://cti.example") == "https://cti.example");
}

TEST_CASE("a GraphQL request has the token, its variables, and no draft") {
  http::test::RawServer server([](http::test::Peer& peer) {
    static_cast<void>(peer.read_request());
    peer.send(http_answer(200, kData));
  });
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url("/cti/graphql/"), Secret("the-token")});
  REQUIRE(client.query("asking", "{ about \"x\" }", R"({"a":[1]})", Deadline::after_ms(5000)).ok());
  const std::string sent = server.received();
  CHECK_THAT(sent, Catch::StartsWith("POST /cti/graphql HTTP/"));
  CHECK_THAT(sent, Catch::Contains("\r\nAuthorization: Bearer the-token\r\n"));
  CHECK_THAT(sent, Catch::Contains("\r\nAccept: application/json\r\n"));
  CHECK_THAT(sent, Catch::Contains("\r\nContent-Type: application/json\r\n"));
  CHECK_THAT(sent, Catch::Contains("\r\nopencti-draft-id:"));
  CHECK_THAT(sent, Catch::EndsWith(R"({"query":"{ about \"x\" }","variables":{"a":[1]}})"));
}

TEST_CASE("a query that a lock or the database stopped is sent up to three times more") {
  const std::string lock = http_answer(200, graphql_error("LOCK_ERROR"));
  const std::string database = http_answer(200, graphql_error("DATABASE_ERROR"));
  Fixture passes({lock, database, http_answer(200, kData)});
  const auto answer = passes.post();
  REQUIRE(answer.ok());
  CHECK(answer->errors.empty());
  CHECK(passes.clock.passed_ms() == 250 + 500);
  Fixture stays({lock});
  REQUIRE(stays.post().ok());
  CHECK(stays.server.requests().size() == 4);
  CHECK(stays.clock.passed_ms() == 250 + 500 + 1000);
}

TEST_CASE("a mutation is sent again after a lock only, a single query never") {
  const auto sent = [](const char* code, Operation operation) {
    Fixture fixture({http_answer(200, graphql_error(code))});
    REQUIRE(fixture.post(operation).ok());
    return fixture.server.requests().size();
  };
  CHECK(sent("LOCK_ERROR", Operation::mutation) == 4);
  CHECK(sent("DATABASE_ERROR", Operation::mutation) == 1);
  CHECK(sent("LOCK_ERROR", Operation::single_query) == 1);
  CHECK(sent("DATABASE_ERROR", Operation::single_query) == 1);
  CHECK(sent("FUNCTIONAL_ERROR", Operation::query) == 1);
}

TEST_CASE("an answer with one error that does not pass is not asked again") {
  Fixture fixture({http_answer(200, R"({"errors":[{"message":"a","name":"LOCK_ERROR"},)"
                                    R"({"message":"b","name":"FORBIDDEN_ACCESS"}],"data":{}})")});
  REQUIRE(fixture.post().ok());
  CHECK(fixture.server.requests().size() == 1);
}

TEST_CASE("no pause is made that the deadline leaves no time for") {
  Fixture fixture({http_answer(200, graphql_error("LOCK_ERROR"))});
  REQUIRE(fixture.post(Operation::query, 700).ok());
  CHECK(fixture.server.requests().size() == 2);
  CHECK(fixture.clock.passed_ms() == 250);  // 450 ms are left, the next pause is 500
}

TEST_CASE("a failure that is not an answer of GraphQL is not tried again") {
  Fixture fixture({http_answer(503, "busy")});
  CHECK(fixture.post().status().code() == ExitCode::unreachable);
  CHECK(fixture.server.requests().size() == 1);
}

TEST_CASE("a server that repeats the token does not bring it into a message") {
  Fixture error({http_answer(200, graphql_error("AUTH_REQUIRED", "bad token the-token"))});
  const auto refused = error.client.query("asking", "{ me }", {}, Deadline::after_ms(5000));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.status().code() == ExitCode::auth);
  CHECK_THAT(refused.status().line(),
             Catch::Contains("[redacted]") && !Catch::Contains("the-token"));
  Fixture page({http_answer(400, R"({"message":"Bearer the-token"})")});
  CHECK_THAT(page.post().status().line(),
             Catch::Contains("[redacted]") && !Catch::Contains("the-token"));
}

TEST_CASE("half an answer is an error of a query, and so is one without data") {
  const auto status = [](const std::string& body) {
    Fixture fixture({http_answer(200, body)});
    return fixture.client.query("asking", "{ me }", {}, Deadline::after_ms(5000)).status();
  };
  CHECK(status(R"({"data":{"me":{"id":"1"}},"errors":[{"message":"no","name":"X"}]})").code() ==
        ExitCode::refused);
  CHECK(status(R"({"data":null,"errors":[]})").line() == "asking: the answer has no data");
  CHECK(status(R"({"data":null,"errors":[]})").code() == ExitCode::refused);
  CHECK(status(kData).ok());
}

}  // namespace socbridge::opencti
