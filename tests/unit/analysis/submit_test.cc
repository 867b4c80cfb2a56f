// SPDX-License-Identifier: Apache-2.0
// Each analyzer on an observable once.
#include "analysis/submit.h"

#include <thread>

#include "analysis/wait.h"
#include "fixture.h"

namespace socbridge::analysis {
namespace {

class Counting final : public Budget {
 public:
  explicit Counting(int left) : left_(left) {}
  Result<Answer> reserve(const std::string&) override {
    if (left_ == 0) return Answer{false, "used up", 12345};
    --left_;
    return Answer{};
  }
  void give_back(const std::string&) override { ++left_; }
  int left() const { return left_; }

 private:
  int left_;
};

std::vector<Verdict> verdicts(const Submitter::Submitted& result) {
  REQUIRE(result.stopped.ok());
  std::vector<Verdict> out;
  for (const Submission& one : result.list) out.push_back(one.verdict);
  return out;
}

using Verdicts = std::vector<Verdict>;

}  // namespace

TEST_CASE("a second submission finds the jobs of the first") {
  Fixture fixture;
  const Folder folder;
  Submitter submitter(Env::real(), fixture.client, fixture.connector, nullptr, folder / "locks");
  const auto one = fixture.observable(fixture.alert_with("r", "ip", "203.0.113.7"));
  const std::vector<Analyzer> both = {fixture.analyzer("AbuseIPDB"),
                                      fixture.analyzer("MaxMind_GeoIP")};
  CHECK(verdicts(submitter.submit(one, {both[0]}, {}, Fixture::soon())) ==
        Verdicts{Verdict::started});
  CHECK(verdicts(submitter.submit(one, both, {}, Fixture::soon())) ==
        Verdicts{Verdict::present, Verdict::started});
  CHECK(fixture.jobs_of(one.id) == 2);
  SubmitOptions force;
  force.force = true;
  CHECK(verdicts(submitter.submit(one, {both[0]}, force, Fixture::soon())) ==
        Verdicts{Verdict::started});
  CHECK(fixture.jobs_of(one.id) == 3);
  SubmitOptions dry;
  dry.dry_run = true;
  dry.force = true;
  CHECK(verdicts(submitter.submit(one, both, dry, Fixture::soon())).size() == 2);
  CHECK(fixture.jobs_of(one.id) == 3);
}

TEST_CASE("a failed job is tried again only if that is wanted") {
  Fixture fixture;
  const Folder folder;
  Submitter submitter(Env::real(), fixture.client, fixture.connector, nullptr, folder / "locks");
  const auto one = fixture.observable(fixture.alert_with("r", "ip", "203.0.113.252"));
  const std::vector<Analyzer> abuse = {fixture.analyzer("AbuseIPDB")};
  const auto first = submitter.submit(one, abuse, {}, Fixture::soon());
  REQUIRE(first.stopped.ok());
  std::string error;
  const auto waited = wait_for(
      fixture.connector, {*first.list.at(0).job}, Fixture::soon(), [] { return false; },
      [&](const thehive::Job& job) { error = job.status + ": " + job.error; });
  CHECK(waited.running.empty());
  CHECK(error == "Failure: no output");
  SubmitOptions once;
  once.retry_failed = false;
  CHECK(verdicts(submitter.submit(one, abuse, once, Fixture::soon())) ==
        Verdicts{Verdict::present});
  CHECK(verdicts(submitter.submit(one, abuse, {}, Fixture::soon())) == Verdicts{Verdict::started});
}

TEST_CASE("a value analysed elsewhere lately counts if that is wanted") {
  Fixture fixture;
  const Folder folder;
  Submitter submitter(Env::real(), fixture.client, fixture.connector, nullptr, folder / "locks");
  const auto one = fixture.observable(fixture.alert_with("r1", "ip", "203.0.113.7"));
  const auto two = fixture.observable(fixture.alert_with("r2", "ip", "203.0.113.7"));
  const std::vector<Analyzer> abuse = {fixture.analyzer("AbuseIPDB")};
  CHECK(verdicts(submitter.submit(one, abuse, {}, Fixture::soon())) == Verdicts{Verdict::started});
  SubmitOptions sparing;
  sparing.repeat_after_ms = 3600000;
  CHECK(verdicts(submitter.submit(two, abuse, sparing, Fixture::soon())) ==
        Verdicts{Verdict::present});
  CHECK(fixture.jobs_of(two.id) == 0);
  CHECK(verdicts(submitter.submit(two, abuse, {}, Fixture::soon())) == Verdicts{Verdict::started});
}

TEST_CASE("quota is reserved before a job and returned if the job was certainly not started") {
  Fixture fixture({"status=404,first=1,method=POST,path=/api/v1/connector/cortex/job"});
  const Folder folder;
  Counting budget(1);
  Submitter submitter(Env::real(), fixture.client, fixture.connector, &budget, folder / "locks");
  const auto one = fixture.observable(fixture.alert_with("r", "ip", "203.0.113.7"));
  const std::vector<Analyzer> both = {fixture.analyzer("AbuseIPDB"),
                                      fixture.analyzer("MaxMind_GeoIP")};
  const auto first = submitter.submit(one, {both[0]}, {}, Fixture::soon());
  CHECK(verdicts(first) == Verdicts{Verdict::failed});
  CHECK(budget.left() == 1);
  const auto second = submitter.submit(one, both, {}, Fixture::soon());
  CHECK(verdicts(second) == Verdicts{Verdict::started, Verdict::postponed});
  CHECK(second.list.at(1).why == "used up");
  CHECK(second.list.at(1).retry_at_ms == 12345);
  CHECK(fixture.jobs_of(one.id) == 1);
}

TEST_CASE("submit: eight at once start each job once") {
  Fixture fixture;
  const Folder folder;
  const auto one = fixture.observable(fixture.alert_with("r", "ip", "203.0.113.7"));
  const std::vector<Analyzer> both = {fixture.analyzer("AbuseIPDB"),
                                      fixture.analyzer("MaxMind_GeoIP")};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      http::Client http{http::ClientOptions{}};
      thehive::Client client(http, {fixture.server.url(), Secret("key"), ""});
      thehive::Connector connector(client);
      Submitter submitter(Env::real(), client, connector, nullptr, folder / "locks");
      const auto done = submitter.submit(one, both, {}, Fixture::soon());
      if (!done.stopped.ok()) std::abort();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(fixture.jobs_of(one.id) == 2);
}

}  // namespace socbridge::analysis
