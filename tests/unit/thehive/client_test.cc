// SPDX-License-Identifier: Apache-2.0
// The client with a server that sends exactly the test's bytes.
#include "thehive/client.h"

#include <catch2/catch.hpp>

#include "support/raw_server.h"

namespace socbridge::thehive {
namespace {

using http::test::answer;
using http::test::Peer;
using http::test::RawServer;

constexpr const char* kJson = "Content-Type: application/json\r\n";
constexpr const char* kKey = "KEY0123456789abc";

// Answers the requests of all connections in turn.
class Scripted {
 public:
  explicit Scripted(std::vector<std::string> answers)
      : server_([answers = std::move(answers), next = std::size_t{0}](Peer& peer) mutable {
          while (next < answers.size() && !peer.read_request().empty()) peer.send(answers[next++]);
        }) {}
  const RawServer& server() const { return server_; }
  bool was_sent(std::string_view part) const {
    return server_.received().find(part) != std::string::npos;
  }
  Client client(std::string organisation = {}) {
    return Client(http_, {server_.url("/prefix/"), Secret(kKey), std::move(organisation)});
  }

 private:
  RawServer server_;
  http::Client http_{http::ClientOptions{}};
};

Deadline soon() { return Deadline::after_ms(3000); }

}  // namespace

TEST_CASE("create_alert sends key, organisation and body to the version's path") {
  Scripted s({answer("201 Created", R"({"_id":"~1"})", kJson),
              answer("201 Created", R"({"id":"~2"})", kJson)});
  Client client = s.client("soc");
  CHECK(client.create_alert(R"({"a":1})", ApiVersion::v5, soon()).alert_id == "~1");
  CHECK(s.was_sent("POST /prefix/api/v1/alert HTTP/1.1\r\n"));
  CHECK(s.was_sent(std::string("Authorization: Bearer ") + kKey + "\r\n"));
  CHECK(s.was_sent("X-Organisation: soc\r\n"));
  CHECK(s.was_sent("Content-Type: application/json\r\n"));
  CHECK(s.was_sent("\r\n\r\n{\"a\":1}"));
  CHECK(client.create_alert("{}", ApiVersion::v4, soon()).alert_id == "~2");
  CHECK(s.was_sent("POST /prefix/api/alert HTTP/1.1\r\n"));
}

TEST_CASE("client: no organisation, no header") {
  Scripted s({answer("201 Created", R"({"_id":"~1"})", kJson)});
  CHECK(s.client().create_alert("{}", ApiVersion::v5, soon()).verdict == Verdict::created);
  CHECK_FALSE(s.was_sent("X-Organisation"));
}

TEST_CASE("a key that the server sends back is not repeated") {
  Scripted s({answer("400 Bad Request",
                     std::string(R"({"type":"T","message":"Bearer )") + kKey + "\"}", kJson)});
  const Delivery d = s.client().create_alert("{}", ApiVersion::v5, soon());
  CHECK(d.message.find("KEY0123456789") == std::string::npos);
  CHECK(d.message.find("HTTP 400 T: Bearer ") == 0);
}

TEST_CASE("client: a passed deadline sends nothing") {
  Scripted s({answer("201 Created", R"({"_id":"~1"})", kJson)});
  const Delivery d = s.client().create_alert("{}", ApiVersion::v5, Deadline::after_ms(0));
  CHECK(d.verdict == Verdict::retry);
  CHECK_FALSE(d.ambiguous);
  CHECK(s.server().connections() == 0);
}

TEST_CASE("find_alert: there, not there, and no answer about it") {
  Scripted s(
      {answer("200 OK", R"({"_id":"~9"})", kJson),
       answer("404 Not Found", R"({"type":"NotFoundError","message":"Alert not found"})", kJson),
       answer("404 Not Found", "<html></html>", "Content-Type: text/html\r\n"),
       answer("403 Forbidden", R"({"type":"AuthorizationError","message":"x"})", kJson)});
  Client client = s.client();
  const auto found = client.find_alert("t", "s", "a/b", soon());
  REQUIRE(found.ok());
  CHECK(found->root()["_id"].string() == "~9");
  CHECK(s.was_sent("GET /prefix/api/v1/alert/t%3Bs%3Ba%2Fb HTTP/1.1"));
  const auto missing = client.find_alert("t", "s", "r", soon());
  REQUIRE(missing.ok());
  CHECK(missing->root().missing());
  CHECK_FALSE(client.find_alert("t", "s", "r", soon()).ok());
  CHECK(client.find_alert("t", "s", "r", soon()).status().code() == ExitCode::auth);
}

TEST_CASE("client: query wraps the operations") {
  Scripted s({answer("200 OK", "[1]", kJson)});
  const auto result = s.client().query("find it", R"([{"_name":"listAlert"}])", soon());
  REQUIRE(result.ok());
  CHECK(result->root().size() == 1);
  CHECK(s.was_sent("POST /prefix/api/v1/query?name=find%20it HTTP/1.1"));
  CHECK(s.was_sent(R"({"query":[{"_name":"listAlert"}]})"));
}

TEST_CASE("client: get: JSON or a status") {
  Scripted s(
      {answer("200 OK", R"({"a":1})", kJson), answer("200 OK", "<html>"), answer("500 Oops", "")});
  Client client = s.client();
  CHECK(client.get("/x", soon()).value().root()["a"].integer() == 1);
  CHECK_FALSE(client.get("/x", soon()).ok());
  CHECK(client.get("/x", soon()).status().code() == ExitCode::unreachable);
}

}  // namespace socbridge::thehive
