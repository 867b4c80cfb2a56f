// SPDX-License-Identifier: Apache-2.0
// A batch against a Cortex with fixed answers, on a clock in which waiting takes no time.
#include "cortex/batch.h"

#include "batch_fixture.h"

namespace socbridge::cortex {

TEST_CASE("a task for each observable and analyzer that takes its type, with a lasting key") {
  BatchPlan plan;
  plan.analyzers = {analyzer("A_1_0", {"ip", "domain"}), analyzer("B_1_0")};
  std::vector<observable::Observable> untaken;
  const std::vector<observable::Observable> all = {
      address(7), {"domain", "a.example", false}, {"mail", "a@b.example", false}};
  const auto tasks = make_tasks(all, plan, &untaken);
  REQUIRE(tasks.size() == 3);
  REQUIRE(untaken.size() == 1);
  CHECK(untaken[0].type == "mail");
  const std::string key = tasks[0].key;
  CHECK(key.size() == 20);
  plan.analyzers = {analyzer("A_2_0", {"ip", "domain"})};  // an update
  CHECK(make_tasks(all, plan, nullptr)[0].key == key);
  plan.tlp = 1;  // another question
  CHECK(make_tasks(all, plan, nullptr)[0].key != key);
}

TEST_CASE("two versions of one analyzer are two tasks, whose jobs do not replace each other") {
  BatchFixture w({started("j1"), started("j2")});
  w.plan.analyzers = {analyzer("A_1_0"), analyzer("A_2_0")};
  w.plan.limits.resize(2);
  w.plan.used_elsewhere.resize(2);
  w.plan.tasks = make_tasks({address(1)}, w.plan, nullptr);
  REQUIRE(w.plan.tasks.size() == 2);
  REQUIRE(w.run().submitted == 2);
  const BatchOutcome again = w.run();
  CHECK(again.earlier == 2);
  CHECK(w.lines == "earlier 203.0.113.1=j1\nearlier 203.0.113.1=j2\n");
}

TEST_CASE("a batch submits each task once, the next run finds all in the journal") {
  BatchFixture w({started("j1"), started("j2"), started("j3")}, 3);
  const BatchOutcome first = w.run();
  CHECK(first.stopped.ok());
  CHECK(first.total == 3);
  CHECK(first.submitted == 3);
  CHECK(first.jobs ==
        std::vector<std::pair<std::size_t, std::string>>{{0, "j1"}, {1, "j2"}, {2, "j3"}});
  CHECK(w.lines == "started 203.0.113.1=j1\nstarted 203.0.113.2=j2\nstarted 203.0.113.3=j3\n");
  const BatchOutcome second = w.run();
  CHECK(second.earlier == 3);
  CHECK(second.submitted == 0);
  CHECK(second.jobs == first.jobs);
  CHECK(w.server.runs() == 3);
}

TEST_CASE("what was asked is sent: marking, message, label and force") {
  BatchFixture w({started("j1")});
  w.plan.tlp = 1;
  w.plan.pap = 3;
  w.plan.message = "why";
  w.plan.force = true;
  REQUIRE(w.run().submitted == 1);
  const std::string body = w.server.bodies();
  for (const char* part : {R"("data":"203.0.113.1")", R"("tlp":1)", R"("pap":3)",
                           R"("message":"why")", R"("force":true)", R"("label":"socctl-)"}) {
    CHECK_THAT(body, Catch::Contains(part));
  }
  CHECK_THAT(body, Catch::StartsWith("POST /api/analyzer/A_1_0/run "));
}

TEST_CASE("an answer from the cache uses no quota") {
  const Run cached{test::http_answer(200, job_json("j1", R"(,"fromCache":true)"))};
  BatchFixture w({cached, started("j2")}, 2, "10/day");
  const BatchOutcome out = w.run();
  CHECK(out.cached == 1);
  CHECK(out.submitted == 1);
  CHECK(w.used() == 1);
}

TEST_CASE("a task that Cortex refuses is refused for good and keeps no other out") {
  BatchFixture w({refused(400, "InvalidFormat", "bad value"), started("j2")}, 2, "10/day");
  const BatchOutcome out = w.run();
  CHECK(out.stopped.ok());
  CHECK(out.refused == 1);
  CHECK(out.submitted == 1);
  CHECK(w.used() == 1);
  CHECK_THAT(w.lines, Catch::StartsWith("refused 203.0.113.1: ") && Catch::Contains("bad value"));
  CHECK(w.run().refused == 1);
  CHECK_THAT(w.lines, Catch::Contains("bad value"));
  CHECK(w.server.runs() == 2);
}

TEST_CASE("a refused key stops the batch after one request, and nothing is used up") {
  BatchFixture w({refused(401, "AuthenticationError", "no")}, 3, "10/day");
  const BatchOutcome out = w.run();
  CHECK(out.stopped.code() == ExitCode::auth);
  CHECK(out.left == 3);
  CHECK(out.in_doubt == 0);
  CHECK(w.server.runs() == 1);
  CHECK(w.used() == 0);
}

TEST_CASE("where no complete answer came Cortex is asked for the job before it is sent again") {
  BatchFixture w({failed(502, true)});
  const BatchOutcome out = w.run();
  CHECK(out.stopped.ok());
  CHECK(out.submitted == 1);
  CHECK(w.lines == "started 203.0.113.1=found-1\n");
  CHECK(w.server.runs() == 1);
  CHECK(w.clock.passed_ms() >= w.options.settle_ms);  // Cortex may still be at work
}

TEST_CASE("a job that Cortex does not know of is sent again") {
  BatchFixture w({failed(502, false), started("j2")});
  const BatchOutcome out = w.run();
  CHECK(out.submitted == 1);
  CHECK(w.lines == "started 203.0.113.1=j2\n");
  CHECK(w.server.runs() == 2);
  CHECK(w.server.searches() == 1);
}

TEST_CASE("what an earlier run left in doubt is looked for first") {
  BatchFixture w({failed(502, true)});
  w.options.stop = [&] { return w.server.runs() > 0; };
  const BatchOutcome killed = w.run();
  CHECK(killed.stopped.code() == ExitCode::interrupted);
  CHECK(killed.in_doubt == 1);
  w.options.stop = {};
  const BatchOutcome next = w.run();
  CHECK(next.in_doubt == 0);
  CHECK(w.lines == "started 203.0.113.1=found-1\n");
  CHECK(w.server.runs() == 1);
}

TEST_CASE("a server that fails again and again stops the batch, what was done is kept") {
  BatchFixture w({started("j1"), failed(503, false)}, 3, "10/day");
  const BatchOutcome out = w.run();
  CHECK(out.stopped.code() == ExitCode::unreachable);
  CHECK(out.submitted == 1);
  CHECK(out.left == 2);
  CHECK(w.server.runs() == 5);  // four failures in a row
  CHECK(w.used() == 1);
  CHECK(w.run().earlier == 1);
}

TEST_CASE("a Cortex that is not there stops the batch") {
  BatchFixture w({started("j1")}, 2);
  w.url = "http://127.0.0.1:" + std::to_string(http::test::closed_port());
  const BatchOutcome out = w.run();
  CHECK(out.stopped.code() == ExitCode::unreachable);
  CHECK(out.left == 2);
}

TEST_CASE("an interrupted batch begins nothing new") {
  BatchFixture w({started("j1")}, 2, "10/day");
  w.options.stop = [] { return true; };
  const BatchOutcome out = w.run();
  CHECK(out.stopped.code() == ExitCode::interrupted);
  CHECK(out.left == 2);
  CHECK(w.server.runs() == 0);
}

TEST_CASE("a state folder that takes no ledger stops the batch before anything is sent") {
  BatchFixture w({started("j1")}, 2, "10/day");
  w.home.write("quota", "a file");
  const BatchOutcome out = w.run();
  CHECK(out.stopped.code() == ExitCode::failure);
  CHECK(out.left == 2);
  CHECK(w.server.runs() == 0);
}

}  // namespace socbridge::cortex
