// SPDX-License-Identifier: Apache-2.0
#include "analysis/wait.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "support/canned_server.h"
#include "support/fake_clock.h"

namespace socbridge::analysis {
namespace {

using test::http_answer;

// TheHive's list of analyzers, which comes before the first question about a job.
const std::string kAnalyzers = http_answer(
    200, R"([{"id":"a1","name":"A_1_0","version":"1.0","dataTypeList":["ip"],"cortexIds":["c"]}])");

std::string answer(const char* id, const char* status) {
  return http_answer(200, R"({"_id":")" + std::string(id) + R"(","status":")" + status + "\"}");
}

thehive::Job job(const char* id, const char* status = "Waiting") {
  thehive::Job out;
  out.id = id;
  out.status = status;
  out.observable_id = std::string("~of-") + id;
  return out;
}

// Waits for jobs of a TheHive with fixed answers, on a clock in which waiting takes no time.
struct Canned {
  explicit Canned(std::vector<std::string> answers) : server(std::move(answers)) {}
  Waited wait(std::vector<thehive::Job> jobs, std::int64_t ms = 60000) {
    return wait_for(
        connector, std::move(jobs), Deadline::after_ms(ms), stop,
        [this](const thehive::Job& one) { lines.push_back(one.id + " " + one.status); });
  }
  std::size_t questions() const {
    std::size_t count = 0;
    for (const std::string& line : server.requests()) count += line.find("/job/") != line.npos;
    return count;
  }
  FakeClock clock;
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  thehive::Client client{http, {server.url(), Secret("key"), ""}};
  thehive::Connector connector{client};
  std::function<bool()> stop = [] { return false; };
  std::vector<std::string> lines;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("jobs that have ended are reported at once, without a question") {
  Canned w({kAnalyzers});
  const Waited waited = w.wait({job("j1", "Success"), job("j2", "Failure"), job("j3", "Deleted")});
  CHECK(waited.running.empty());
  CHECK(waited.error.ok());
  CHECK(w.lines == Lines{"j1 Success", "j2 Failure", "j3 Deleted"});
  CHECK(w.server.requests().empty());
}

TEST_CASE("each job is reported once, in the order in which they end") {
  Canned w(
      {kAnalyzers, answer("j1", "InProgress"), answer("j2", "Success"), answer("j1", "Failure")});
  const Waited waited = w.wait({job("j1"), job("j2")});
  CHECK(waited.running.empty());
  CHECK(w.lines == Lines{"j2 Success", "j1 Failure"});
}

TEST_CASE("a job keeps the observable that an answer does not name") {
  Canned w({kAnalyzers, answer("j1", "InProgress")});
  const Waited waited = w.wait({job("j1")}, 1000);
  REQUIRE(waited.running.size() == 1);
  CHECK(waited.running[0].status == "InProgress");
  CHECK(waited.running[0].observable_id == "~of-j1");
  CHECK(waited.error.ok());
  CHECK(w.lines.empty());
}

TEST_CASE("waiting ends with the time although a job is stuck") {
  Fixture fixture;
  const Folder folder;
  Submitter submitter(Env::real(), fixture.client, fixture.connector, nullptr, folder / "locks");
  const auto one = fixture.observable(fixture.alert_with("r", "ip", "203.0.113.250"));
  const auto started = submitter.submit(one, {fixture.analyzer("AbuseIPDB")}, {}, Fixture::soon());
  REQUIRE(started.stopped.ok());
  const Deadline before = Deadline::after_ms(5000);
  const auto waited = wait_for(
      fixture.connector, {*started.list.at(0).job}, Deadline::after_ms(700), [] { return false; },
      [](const thehive::Job&) { FAIL("it never ends"); });
  CHECK(waited.running.size() == 1);
  CHECK_FALSE(before.passed());
}

TEST_CASE("a server that fails for a while is asked again") {
  Canned w({kAnalyzers, http_answer(503, "{}"), http_answer(503, "{}"), answer("j1", "Success")});
  const Waited waited = w.wait({job("j1")});
  CHECK(waited.running.empty());
  CHECK(waited.error.ok());
  CHECK(w.lines == Lines{"j1 Success"});
}

TEST_CASE("a server that stays away is said, with the jobs as they were last seen") {
  Canned w({kAnalyzers, http_answer(503, "{}")});
  const Waited waited = w.wait({job("j1"), job("j2")}, 30000);
  CHECK(waited.error.code() == ExitCode::unreachable);
  CHECK(waited.running.size() == 2);
  CHECK(w.clock.passed_ms() >= 30000);
}

TEST_CASE("a refused key ends the wait at once, after what has ended is reported") {
  Canned w({kAnalyzers, answer("j1", "Success"),
            http_answer(401, R"({"type":"AuthenticationError","message":"no"})")});
  const Waited waited = w.wait({job("j1"), job("j2"), job("j3")});
  CHECK(waited.error.code() == ExitCode::auth);
  CHECK(waited.running.size() == 2);
  CHECK(w.lines == Lines{"j1 Success"});
  CHECK(w.questions() == 2);
}

TEST_CASE("a job that cannot be read keeps no other from being reported") {
  const std::string gone = http_answer(404, R"({"type":"NotFoundError","message":"no job"})");
  Canned w({kAnalyzers, gone, answer("j2", "Success"), gone});
  const Waited waited = w.wait({job("j1"), job("j2")}, 10000);
  CHECK(w.lines == Lines{"j2 Success"});
  REQUIRE(waited.running.size() == 1);
  CHECK(waited.running[0].id == "j1");
  CHECK(waited.error.code() == ExitCode::refused);
}

TEST_CASE("a request to stop is noticed within a pause, and asks nothing more") {
  Canned w({kAnalyzers, answer("j1", "InProgress")});
  w.stop = [&] { return w.clock.passed_ms() >= 100; };
  const Waited waited = w.wait({job("j1")});
  CHECK(waited.running.size() == 1);
  CHECK(w.clock.passed_ms() <= 200);
  CHECK(w.server.requests().empty());
}

TEST_CASE("a job that runs long is asked for less and less often") {
  Canned w({kAnalyzers, answer("j1", "InProgress")});
  w.wait({job("j1")}, 600000);
  CHECK(w.questions() < 140);  // every 5 s
  CHECK(w.questions() > 110);
}

}  // namespace socbridge::analysis
