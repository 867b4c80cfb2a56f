// Each analyzer on an observable once.
#include "analysis/submit.h"

#include <thread>

#include "analysis/wait.h"
#include "lab.h"

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
  Lab lab;
  const Folder folder;
  Submitter submitter(Env::real(), lab.client, lab.connector, nullptr, folder / "locks");
  const auto one = lab.observable(lab.alert_with("r", "ip", "203.0.113.7"));
  const std::vector<Analyzer> both = {lab.analyzer("AbuseIPDB"), lab.analyzer("MaxMind_GeoIP")};
  CHECK(verdicts(submitter.submit(one, {both[0]}, {}, Lab::soon())) == Verdicts{Verdict::started});
  CHECK(verdicts(submitter.submit(one, both, {}, Lab::soon())) ==
        Verdicts{Verdict::present, Verdict::started});
  CHECK(lab.jobs_of(one.id) == 2);
  SubmitOptions force;
  force.force = true;
  CHECK(verdicts(submitter.submit(one, {both[0]}, force, Lab::soon())) ==
        Verdicts{Verdict::started});
  CHECK(lab.jobs_of(one.id) == 3);
  SubmitOptions dry;
  dry.dry_run = true;
  dry.force = true;
  CHECK(verdicts(submitter.submit(one, both, dry, Lab::soon())).size() == 2);
  CHECK(lab.jobs_of(one.id) == 3);
}

TEST_CASE("a failed job is tried again only if that is wanted") {
  Lab lab;
  const Folder folder;
  Submitter submitter(Env::real(), lab.client, lab.connector, nullptr, folder / "locks");
  const auto one = lab.observable(lab.alert_with("r", "ip", "203.0.113.252"));
  const std::vector<Analyzer> abuse = {lab.analyzer("AbuseIPDB")};
  const auto first = submitter.submit(one, abuse, {}, Lab::soon());
  REQUIRE(first.stopped.ok());
  std::string error;
  const auto waited = wait_for(
      lab.connector, {*first.list.at(0).job}, Lab::soon(), [] { return false; },
      [&](const thehive::Job& job) { error = job.status + ": " + job.error; });
  CHECK(waited.running.empty());
  CHECK(error == "Failure: no output");
  SubmitOptions once;
  once.retry_failed = false;
  CHECK(verdicts(submitter.submit(one, abuse, once, Lab::soon())) == Verdicts{Verdict::present});
  CHECK(verdicts(submitter.submit(one, abuse, {}, Lab::soon())) == Verdicts{Verdict::started});
}

TEST_CASE("a value analysed elsewhere lately counts if that is wanted") {
  Lab lab;
  const Folder folder;
  Submitter submitter(Env::real(), lab.client, lab.connector, nullptr, folder / "locks");
  const auto one = lab.observable(lab.alert_with("r1", "ip", "203.0.113.7"));
  const auto two = lab.observable(lab.alert_with("r2", "ip", "203.0.113.7"));
  const std::vector<Analyzer> abuse = {lab.analyzer("AbuseIPDB")};
  CHECK(verdicts(submitter.submit(one, abuse, {}, Lab::soon())) == Verdicts{Verdict::started});
  SubmitOptions sparing;
  sparing.repeat_after_ms = 3600000;
  CHECK(verdicts(submitter.submit(two, abuse, sparing, Lab::soon())) == Verdicts{Verdict::present});
  CHECK(lab.jobs_of(two.id) == 0);
  CHECK(verdicts(submitter.submit(two, abuse, {}, Lab::soon())) == Verdicts{Verdict::started});
}

TEST_CASE("the budget is asked before, and given back what was certainly not used") {
  Lab lab({"status=404,first=1,method=POST,path=/api/v1/connector/cortex/job"});
  const Folder folder;
  Counting budget(1);
  Submitter submitter(Env::real(), lab.client, lab.connector, &budget, folder / "locks");
  const auto one = lab.observable(lab.alert_with("r", "ip", "203.0.113.7"));
  const std::vector<Analyzer> both = {lab.analyzer("AbuseIPDB"), lab.analyzer("MaxMind_GeoIP")};
  const auto first = submitter.submit(one, {both[0]}, {}, Lab::soon());
  CHECK(verdicts(first) == Verdicts{Verdict::failed});
  CHECK(budget.left() == 1);
  const auto second = submitter.submit(one, both, {}, Lab::soon());
  CHECK(verdicts(second) == Verdicts{Verdict::started, Verdict::postponed});
  CHECK(second.list.at(1).why == "used up");
  CHECK(second.list.at(1).retry_at_ms == 12345);
  CHECK(lab.jobs_of(one.id) == 1);
}

TEST_CASE("eight at once start each job once") {
  Lab lab;
  const Folder folder;
  const auto one = lab.observable(lab.alert_with("r", "ip", "203.0.113.7"));
  const std::vector<Analyzer> both = {lab.analyzer("AbuseIPDB"), lab.analyzer("MaxMind_GeoIP")};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      http::Client http{http::ClientOptions{}};
      thehive::Client client(http, {lab.server.url(), Secret("key"), ""});
      thehive::Connector connector(client);
      Submitter submitter(Env::real(), client, connector, nullptr, folder / "locks");
      const auto done = submitter.submit(one, both, {}, Lab::soon());
      if (!done.stopped.ok()) std::abort();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(lab.jobs_of(one.id) == 2);
}

TEST_CASE("waiting ends with the time although a job is stuck") {
  Lab lab;
  const Folder folder;
  Submitter submitter(Env::real(), lab.client, lab.connector, nullptr, folder / "locks");
  const auto one = lab.observable(lab.alert_with("r", "ip", "203.0.113.250"));
  const auto started = submitter.submit(one, {lab.analyzer("AbuseIPDB")}, {}, Lab::soon());
  REQUIRE(started.stopped.ok());
  const Deadline before = Deadline::after_ms(5000);
  const auto waited = wait_for(
      lab.connector, {*started.list.at(0).job}, Deadline::after_ms(700), [] { return false; },
      [](const thehive::Job&) { FAIL("it never ends"); });
  CHECK(waited.running.size() == 1);
  CHECK_FALSE(before.passed());
}

}  // namespace socbridge::analysis
