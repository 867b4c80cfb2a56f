// SPDX-License-Identifier: Apache-2.0
// Waiting for jobs of a Cortex with fixed answers, on a clock in which waiting takes no time.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>

#include "cortex/batch.h"
#include "support/canned_server.h"
#include "support/fake_clock.h"
#include "support/raw_server.h"

namespace socbridge::cortex {
namespace {

std::string job(const std::string& id, const std::string& status) {
  return test::http_answer(200, R"({"id":")" + id + R"(","status":")" + status + "\"}");
}

// Answers the n-th question about a job with its n-th answer, the last one for all that follow.
class Cortex {
 public:
  using Answers = std::map<std::string, std::vector<std::string>>;
  explicit Cortex(Answers answers)
      : answers_(std::move(answers)), server_([this](http::test::Peer& peer) { talk(peer); }) {}
  std::string url() const { return "http://" + server_.host_port(); }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  void talk(http::test::Peer& peer) {
    const std::string request = peer.read_request();
    if (request.empty()) return;
    const std::lock_guard lock(mutex_);
    constexpr std::string_view kBefore = "/api/job/";
    const std::size_t at = request.find(kBefore) + kBefore.size();
    const std::string id = request.substr(at, request.find('/', at) - at);
    lines_.push_back(request.substr(0, request.find("\r\n")));
    const auto& answers = answers_.at(id);
    peer.send(answers[std::min(asked_[id]++, answers.size() - 1)]);
  }

  Answers answers_;
  std::map<std::string, std::size_t> asked_;
  std::vector<std::string> lines_;
  mutable std::mutex mutex_;
  http::test::RawServer server_;  // last: its threads use the others
};

struct Fixture {
  explicit Fixture(Cortex::Answers answers) : server(std::move(answers)) {
    options.parallel = 2;
    options.stop = [this] {
      clock.advance_ms(1000);
      return false;
    };
    options.result = [this](std::size_t index, const Job& one) {
      lines.push_back(std::to_string(index) + " " + one.id + " " + job_status_name(one.status));
    };
    options.lost = [this](std::size_t index, const Status& why) {
      lines.push_back(std::to_string(index) + " lost: " + why.message());
    };
  }
  Result<std::size_t> run(const std::vector<std::string>& ids) {
    const Endpoint endpoint{url.empty() ? server.url() : url, Secret("k")};
    auto left = collect(http, endpoint, ids, options);
    std::sort(lines.begin(), lines.end());
    return left;
  }
  FakeClock clock;
  Cortex server;
  std::string url;  // instead of the server's
  http::ClientOptions http;
  CollectOptions options;
  std::vector<std::string> lines;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("each job that ends is reported once, with its place in the list") {
  Fixture w({{"a", {job("a", "Success")}},
             {"b", {job("b", "InProgress"), job("b", "Failure")}},
             {"c", {job("c", "Success")}}});
  std::size_t done = 0;
  w.options.progress = [&](std::size_t now, std::size_t total) {
    CHECK(total == 3);
    CHECK(now == ++done);
  };
  const auto left = w.run({"a", "b", "c"});
  REQUIRE(left.ok());
  CHECK(*left == 0);
  CHECK(w.lines == Lines{"0 a Success", "1 b Failure", "2 c Success"});
  CHECK(done == 3);
}

TEST_CASE("batch collect: of no jobs nothing is asked") {
  Fixture w({});
  CHECK(*w.run({}) == 0);
  CHECK(w.server.lines().empty());
}

TEST_CASE("when the wait limit has passed the state of what still runs is reported") {
  // Cortex 3 answers the end of its own wait with an error of this type.
  const std::string timeout = test::http_answer(
      500, R"({"type":"akka.pattern.AskTimeoutException","message":"Ask timed out"})");
  Fixture w({{"a", {job("a", "Success")}}, {"b", {job("b", "Waiting")}}, {"c", {timeout}}});
  w.options.wait_limit_ms = 4000;
  const auto left = w.run({"a", "b", "c"});
  REQUIRE(left.ok());
  CHECK(*left == 2);
  CHECK(w.lines == Lines{"0 a Success", "1 b Waiting", "2 c InProgress"});
}

TEST_CASE("with no time left a job is reported by its id and never asked for") {
  Fixture w({});
  w.options.wait_limit_ms = 0;
  CHECK(*w.run({"a"}) == 1);
  CHECK(w.lines == Lines{"0 a Unknown"});
  CHECK(w.server.lines().empty());
}

TEST_CASE("a job that cannot be read is lost and keeps no other") {
  Fixture w({{"a", {test::http_answer(404, R"({"type":"NotFoundError","message":"no a"})")}},
             {"b", {test::http_answer(200, R"({"status":"Success"})")}},
             {"c", {job("c", "Success")}}});
  const auto left = w.run({"a", "b", "c"});
  REQUIRE(left.ok());
  CHECK(*left == 0);
  REQUIRE(w.lines.size() == 3);
  CHECK_THAT(w.lines[0], Catch::StartsWith("0 lost: waiting for job a: HTTP 404"));
  CHECK(w.lines[1] == "1 lost: waiting for job b: the answer is not a job");
  CHECK(w.lines[2] == "2 c Success");
}

TEST_CASE("batch collect: a failure that passes is overcome") {
  const std::string busy = test::http_answer(503, "{}");
  Fixture w({{"a", {busy, busy, job("a", "Success")}}});
  REQUIRE(w.run({"a"}).ok());
  CHECK(w.lines == Lines{"0 a Success"});
}

TEST_CASE("a Cortex that went down ends the wait with an error") {
  Fixture w({});
  w.url = "http://127.0.0.1:" + std::to_string(http::test::closed_port());
  w.options.stop = [&] {
    w.clock.advance_ms(10000);
    return false;
  };
  CHECK(w.run({"a"}).status().code() == ExitCode::unreachable);
  CHECK(w.lines.empty());
}

TEST_CASE("a refused key ends the wait at the first answer") {
  Fixture w({{"a", {test::http_answer(401, R"({"type":"AuthenticationError","message":"no"})")}}});
  CHECK(w.run({"a"}).status().code() == ExitCode::auth);
  CHECK(w.server.lines().size() == 1);
}

TEST_CASE("an interrupted wait is an error of its own") {
  Fixture w({{"a", {job("a", "Waiting")}}});
  w.options.stop = [] { return true; };
  const auto left = w.run({"a"});
  CHECK(left.status().code() == ExitCode::interrupted);
  CHECK(left.status().message() == "interrupted while waiting for reports");
}

TEST_CASE("the server waits for a job, but among many only a short turn") {
  Fixture one({{"a", {job("a", "Success")}}});
  REQUIRE(one.run({"a"}).ok());
  CHECK(one.server.lines() == Lines{"GET /api/job/a/waitreport?atMost=30000milliseconds HTTP/1.1"});
  Fixture many({{"a", {job("a", "Success")}}});
  REQUIRE(many.run({"a", "a", "a", "a"}).ok());
  CHECK(many.server.lines().front() ==
        "GET /api/job/a/waitreport?atMost=5000milliseconds HTTP/1.1");
}

TEST_CASE("a server that answers at once that nothing is over is not asked in a loop") {
  Fixture w({{"a", {job("a", "Waiting")}}});
  w.options.wait_limit_ms = 1500;
  w.options.stop = [&] {
    w.clock.advance_ms(250);
    return false;
  };
  CHECK(*w.run({"a"}) == 1);
  CHECK(w.server.lines().size() <= 4);  // twice a second
}

}  // namespace socbridge::cortex
