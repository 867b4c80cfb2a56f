// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "base/time.h"
#include "raw_client.h"
#include "soc-sandbox/server/faults.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;
using sandbox::parse_fault;

TEST_CASE("fault: rules that make no sense are refused") {
  for (const char* rule : {"",
                           "nothing",
                           "status",
                           "status=",
                           "status=99",
                           "status=600",
                           "status=abc",
                           "delay=-1",
                           "hang=1",
                           "drip=0",
                           "rate=0.5",
                           "first=3",
                           "hang,rate=1.5",
                           "hang,rate=x",
                           "hang,first=0",
                           "hang,path=api",
                           "hang,,reset",
                           "hang,method=",
                           "html=x",
                           "status=503,when=now"}) {
    INFO(rule);
    const auto parsed = parse_fault(rule);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.status().code() == ExitCode::usage);
    CHECK_FALSE(parsed.status().hint().empty());
  }
  CHECK(parse_fault("status=500, rate=0.25, first=3, after=2, method=post, path=/api/v1/*").ok());
}

TEST_CASE("method, path, first and after choose the requests") {
  auto rule = parse_fault("status=503,method=post,path=/api/v1/alert*,after=1,first=2");
  REQUIRE(rule.ok());
  sandbox::Faults faults({*rule});
  CHECK(faults.next("GET", "/api/v1/alert").status == 0);
  CHECK(faults.next("POST", "/api/v1/query").status == 0);
  std::string statuses;
  for (int i = 0; i < 5; ++i)
    statuses += faults.next("POST", "/api/v1/alert/x").status == 503 ? 'x' : '.';
  CHECK(statuses == ".xx..");
}

TEST_CASE("a rate gives the same faults for the same seed") {
  const auto statuses = [](const char* text) {
    auto rule = parse_fault(text);
    REQUIRE(rule.ok());
    sandbox::Faults faults({*rule});
    std::string all;
    for (int i = 0; i < 1000; ++i)
      all += faults.next("GET", "/api/x").end == sandbox::Fault::End::reset ? 'x' : '.';
    return all;
  };
  const std::string one = statuses("reset,rate=0.3,seed=5");
  CHECK(one == statuses("reset,rate=0.3,seed=5"));
  CHECK(one != statuses("reset,rate=0.3,seed=6"));
  const auto hits = std::count(one.begin(), one.end(), 'x');
  CHECK(hits > 250);
  CHECK(hits < 350);
  CHECK(statuses("reset,rate=0") == std::string(1000, '.'));
}

TEST_CASE("a status instead of an answer; nothing is stored") {
  Sandbox sandbox(options({"status=503,retry-after=7,first=1"}));
  const Reply reply = sandbox.post_alert("");
  CHECK(reply.status == 503);
  CHECK(reply.head.find("Retry-After: 7\r\n") != std::string::npos);
  CHECK_FALSE(error_type(reply).empty());
  CHECK(sandbox.server().alert_count() == 0);
  CHECK(sandbox.post_alert("").status == 201);
}

TEST_CASE("fault: a proxy's page instead of an answer") {
  Sandbox sandbox(options({"html=200,first=1", "html=502,first=1,after=1"}));
  const Reply fine = sandbox.post_alert("");
  CHECK(fine.status == 200);
  CHECK(fine.head.find("text/html") != std::string::npos);
  const Reply bad = sandbox.post_alert("");
  CHECK(bad.status == 502);
  CHECK(sandbox.server().alert_count() == 0);
}

TEST_CASE("fault: reset before acting, and after") {
  Sandbox sandbox(options({"reset,first=1", "commit-then-reset,first=1,after=1"}));
  const Reply lost = sandbox.post_alert("");
  CHECK(lost.status == 0);
  CHECK(lost.error == ECONNRESET);
  CHECK(sandbox.server().alert_count() == 0);
  CHECK(sandbox.post_alert("").error == ECONNRESET);
  CHECK(sandbox.server().alert_count() == 1);
}

TEST_CASE("stored but the connection is closed without an answer") {
  Sandbox sandbox(options({"commit-then-drop,first=1,path=/api/v1/alert"}));
  const Reply lost = sandbox.post_alert("");
  CHECK(lost.status == 0);
  CHECK(lost.error == 0);
  CHECK(sandbox.server().alert_count() == 1);
  CHECK(error_type(sandbox.post_alert("")) == "CreateError");
}

TEST_CASE("fault: half of an answer") {
  Sandbox sandbox(options({"half,first=1"}));
  const Reply half = sandbox.post_alert("");
  CHECK_FALSE(half.whole);
  CHECK(half.head.size() + half.body.size() > 100);
  CHECK(sandbox.server().alert_count() == 1);
  CHECK(sandbox.post_alert("").whole);
}

TEST_CASE("fault: a slow answer arrives completely") {
  Sandbox sandbox(options({"drip=1000,path=/api/v1/status/public"}));
  const std::int64_t begin = steady_now_ms();
  const Reply reply = sandbox.ask("GET", "/api/v1/status/public");
  CHECK(reply.whole);
  CHECK(reply.status == 200);
  CHECK(steady_now_ms() - begin >= 100);
}

TEST_CASE("fault: delays before and after acting") {
  Sandbox sandbox(options({"delay=150,method=GET", "commit-then-delay=150,method=POST"}));
  std::int64_t begin = steady_now_ms();
  CHECK(sandbox.ask("GET", "/api/status").status == 200);
  CHECK(steady_now_ms() - begin >= 150);
  RawClient client(sandbox.port());
  client.send(RawClient::request("POST", "/api/v1/alert", alert(), kHeaders));
  CHECK(client.receive(60).status == 0);
  CHECK(sandbox.server().alert_count() == 1);
  CHECK(client.receive().status == 201);
}

TEST_CASE("a hung connection blocks neither others nor the end") {
  Sandbox sandbox(options({"hang,path=/api/status", "commit-then-hang,method=POST"}));
  RawClient hung(sandbox.port()), committed(sandbox.port());
  hung.send(RawClient::request("GET", "/api/status", {}, kHeaders));
  committed.send(RawClient::request("POST", "/api/v1/alert", alert(), kHeaders));
  CHECK(hung.receive(100).error == ETIMEDOUT);
  CHECK(committed.receive(100).error == ETIMEDOUT);
  CHECK(sandbox.server().alert_count() == 1);
  CHECK(sandbox.ask("GET", "/api/v1/user/current").status == 200);
  const std::int64_t begin = steady_now_ms();
  sandbox.server().stop();
  CHECK(steady_now_ms() - begin < 1000);
  CHECK(hung.receive(100).status == 0);
}

TEST_CASE("without an atomic check two senders both create") {
  Sandbox sandbox(options({"dup-race=200"}));
  int statuses[2] = {0, 0};
  std::thread other([&] { statuses[0] = sandbox.post_alert("").status; });
  statuses[1] = sandbox.post_alert("").status;
  other.join();
  CHECK(statuses[0] == 201);
  CHECK(statuses[1] == 201);
  CHECK(sandbox.server().alert_count() == 2);
}

TEST_CASE("a query may lag behind, a read by key does not") {
  Sandbox sandbox(options({"query-lag=60000"}));
  CHECK(sandbox.post_alert("").status == 201);
  CHECK(sandbox.query(R"({"_name":"listAlert"})").root().size() == 0);
  CHECK(sandbox.ask("GET", "/api/v1/alert/wazuh%3Bmgr%3Br-1").status == 200);
}

TEST_CASE("fault: rules leave the page alone") {
  Sandbox sandbox(options({"status=500"}));
  CHECK(sandbox.ask("GET", "/").status == 200);
  CHECK(sandbox.ask("GET", "/api/status").status == 500);
}
