// SPDX-License-Identifier: Apache-2.0
#include "opensearch/connection.h"

#include <catch2/catch.hpp>

#include <atomic>

#include "support/fake_clock.h"
#include "support/raw_server.h"

namespace socbridge::opensearch {
namespace {

using http::test::answer;
using http::test::Peer;
using http::test::RawServer;

Deadline soon() { return Deadline::after_ms(20000); }

// Returns the answers one after the other, then repeats the last one.
struct Script {
  explicit Script(std::vector<std::string> given) : answers(std::move(given)) {}
  std::vector<std::string> answers;
  std::atomic<std::size_t> asked{0};
  RawServer server{[this](Peer& peer) {
    while (!peer.read_request().empty()) {
      peer.send(answers[std::min(asked++, answers.size() - 1)]);
    }
  }};
  std::string url() const { return "http://" + server.host_port(); }
};

const std::string kFine = answer("200 OK", R"({"ok":true})");

struct Fixture {
  http::Client http{http::ClientOptions{}};
  Connection to(std::vector<std::string> urls, std::int64_t retry_for_ms) {
    ConnectionOptions options;
    options.urls = std::move(urls);
    options.retry_for_ms = retry_for_ms;
    return {http, std::move(options)};
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a node that does not answer is replaced by the next one") {
  Script second({kFine});
  const std::string gone = "http://127.0.0.1:" + std::to_string(http::test::closed_port());
  Connection connection = to({gone, second.url()}, 0);
  CHECK(connection.get("/", soon()).ok());
  CHECK(connection.repeats() == 1);
  CHECK(connection.url() == second.url());
  CHECK(connection.get("/", soon()).ok());
  CHECK(connection.repeats() == 1);
}

TEST_CASE_METHOD(Fixture, "all nodes are down: without time for retries each is tried once") {
  const std::string gone = "http://127.0.0.1:" + std::to_string(http::test::closed_port());
  Connection connection = to({gone, gone}, 0);
  CHECK(connection.get("/", soon()).status().code() == ExitCode::unreachable);
  CHECK(connection.repeats() == 1);
}

TEST_CASE_METHOD(Fixture, "too many requests are waited out, within the time for retries") {
  FakeClock clock;
  const std::string busy = answer("429 Too Many Requests", R"({"error":{"reason":"busy"}})");
  Script server({busy, busy, kFine});
  Connection connection = to({server.url()}, 10000);
  CHECK(connection.post("/x/_search", "{}", soon()).ok());
  CHECK(server.asked == 3);
  CHECK(clock.passed_ms() > 0);

  Script never({busy});
  Connection hasty = to({never.url()}, 400);
  const auto refused = hasty.get("/", soon());
  CHECK(refused.status().code() == ExitCode::unreachable);
  CHECK(refused.status().message().find("429") != std::string::npos);
  CHECK(never.asked == 2);  // the second pause would be too long
}

TEST_CASE_METHOD(Fixture, "the server sets the pause") {
  FakeClock clock;
  Script server({answer("503 Unavailable", "{}", "Retry-After: 7\r\n"), kFine});
  Connection connection = to({server.url()}, 10000);
  CHECK(connection.get("/", soon()).ok());
  CHECK(clock.passed_ms() == 7000);
}

TEST_CASE_METHOD(Fixture, "permanent failures are not retried") {
  for (const char* status : {"400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Gone"}) {
    INFO(status);
    Script server({answer(status, R"({"error":"no"})")});
    Connection connection = to({server.url()}, 10000);
    CHECK(!connection.get("/", soon()).ok());
    CHECK(server.asked == 1);
  }
}

TEST_CASE_METHOD(Fixture, "waiting ends when it is stopped") {
  Script server({answer("503 Unavailable", "{}")});
  ConnectionOptions options;
  options.urls = {server.url()};
  options.retry_for_ms = 60000;
  options.stop = [] { return true; };
  Connection connection(http, std::move(options));
  CHECK(!connection.get("/", soon()).ok());
  CHECK(server.asked == 1);
}

TEST_CASE_METHOD(Fixture, "how a key is sent") {
  struct Row {
    const char* user;
    const char* scheme;
    const char* header;
  };
  const Row rows[] = {{"", "", "Authorization: Bearer k3y-0123"},
                      {"", "ApiKey", "Authorization: ApiKey k3y-0123"},
                      {"socctl", "", "Authorization: Basic c29jY3RsOmszeS0wMTIz"}};
  for (const Row& row : rows) {
    INFO(row.header);
    Script server({kFine});
    ConnectionOptions options;
    options.urls = {server.url()};
    options.user = row.user;
    options.key = Secret("k3y-0123");
    options.scheme = row.scheme;
    Connection connection(http, std::move(options));
    CHECK(connection.get("/", soon()).ok());
    CHECK(server.server.received().find(row.header) != std::string::npos);
  }
}

}  // namespace socbridge::opensearch
