// SPDX-License-Identifier: Apache-2.0
// The client against the sandbox's Cortex.
#include "cortex/client.h"

#include <catch2/catch.hpp>

#include <memory>

#include "soc-sandbox/server/product_server.h"

using namespace socbridge;
using cortex::JobStatus;

namespace {

struct Fixture {
  explicit Fixture(std::vector<std::string> rules = {}) {
    for (const sandbox::ProductKind& kind : sandbox::product_kinds()) {
      if (std::string_view(kind.name) == "cortex") make(kind);
    }
    sandbox::ListenOptions listening;
    listening.fail_rules = std::move(rules);
    auto started = sandbox::ProductServer::start(listening, *product);
    REQUIRE(started.ok());
    server = std::move(*started);
  }
  void make(const sandbox::ProductKind& kind) {
    auto made = kind.make({Secret("k"), {}, {}});
    REQUIRE(made.ok());
    product = std::move(*made);
  }
  cortex::Client client(const char* key = "k") { return {http, {server->url(), Secret(key)}}; }

  std::unique_ptr<sandbox::Product> product;
  std::unique_ptr<sandbox::ProductServer> server;
  http::Client http{http::ClientOptions{}};
};

Deadline soon() { return Deadline::after_ms(20000); }

std::string id_of(cortex::Client& client, std::string_view name) {
  const auto all = client.analyzers(soon());
  REQUIRE(all.ok());
  for (const auto& a : *all) {
    if (a.is_called(name)) return a.id;
  }
  return {};
}

}  // namespace

TEST_CASE("client: status, user, analyzers") {
  Fixture fixture;
  auto client = fixture.client();
  CHECK(*client.version(soon()) == "4.1.0-1");
  const auto user = client.user(soon());
  REQUIRE(user.ok());
  CHECK(user->has("analyze"));
  CHECK_FALSE(user->has("superadmin"));
  CHECK(client.analyzers(soon())->size() == 5);
  CHECK(client.analyzers_for("ip", soon())->size() == 4);
  auto wrong = fixture.client("w");
  CHECK(wrong.user(soon()).status().code() == ExitCode::auth);
}

TEST_CASE("client: a job runs and reports") {
  Fixture fixture;
  auto client = fixture.client();
  cortex::Question question{"ip", "203.0.113.66"};
  question.label = "socctl-test-1";
  const auto started = client.run(id_of(client, "AbuseIPDB"), question, soon());
  REQUIRE(started.verdict == cortex::Started::Verdict::started);
  CHECK(started.job.status == JobStatus::waiting);
  const auto job = client.wait(started.job.id, soon());
  REQUIRE(job.ok());
  CHECK(job->status == JobStatus::success);
  CHECK(job->level() == cortex::Level::malicious);
  CHECK(*client.states({started.job.id, "nope"}, soon()) ==
        std::vector{JobStatus::success, JobStatus::unknown});
  const auto found = client.search(cortex::query_by_labels({"socctl-test-1", "x"}), 10, soon());
  REQUIRE(found.ok());
  CHECK(found->total == 1);
  CHECK(found->jobs.at(0).id == started.job.id);
  CHECK(client.remove(started.job.id, soon()).ok());
  CHECK(client.job(started.job.id, soon())->status == JobStatus::deleted);
  CHECK(client.job("nope", soon()).status().code() == ExitCode::refused);
}

TEST_CASE("client: a file is sent as a form") {
  Fixture fixture;
  auto client = fixture.client();
  const auto started = client.run(id_of(client, "FileInfo"), {"file", "/etc/passwd"}, soon());
  REQUIRE(started.verdict == cortex::Started::Verdict::started);
  CHECK(started.job.value == "passwd");
  CHECK(client.wait(started.job.id, soon())->status == JobStatus::success);
}

TEST_CASE("client: waiting ends at the deadline") {
  Fixture fixture;
  auto client = fixture.client();
  const auto started = client.run(id_of(client, "AbuseIPDB"), {"ip", "198.51.100.250"}, soon());
  const std::int64_t began = steady_now_ms();
  const auto job = client.wait(started.job.id, Deadline::after_ms(300));
  REQUIRE(job.ok());
  CHECK_FALSE(cortex::is_over(job->status));
  CHECK(steady_now_ms() - began < 5000);
}

TEST_CASE("an answer that is lost leaves a job that can be found by its label") {
  Fixture fixture({"commit-then-drop,method=POST,path=/api/analyzer/*"});
  auto client = fixture.client();
  cortex::Question question{"ip", "203.0.113.1"};
  question.label = "lost";
  const auto started = client.run(id_of(client, "AbuseIPDB"), question, soon());
  CHECK(started.verdict == cortex::Started::Verdict::retry);
  CHECK(started.ambiguous);
  CHECK(client.search(cortex::query_by_labels({"lost"}), 10, soon())->total == 1);
}
