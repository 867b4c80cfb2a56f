// SPDX-License-Identifier: Apache-2.0
#include "delivery/drain.h"

#include <catch2/catch.hpp>
#include <cstdio>

#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : server(std::move(answers)) {
    settings.endpoint = {server.url(), Secret("k3y"), ""};
    settings.thehive_version = "5";
    settings.drain_max = 10;
    like.integration = "custom-w2thive";
    like.hook_url = server.url();
  }
  std::string accept(spool::Entry entry) {
    entry.accepted_ms = wall_now_ms();
    if (entry.alert.empty()) entry.alert = sample_alert(10 + count++ % 3);
    if (entry.integration.empty()) entry.integration = like.integration;
    if (entry.hook_url.empty()) entry.hook_url = like.hook_url;
    auto claim = spool.accept(entry);
    REQUIRE(claim.ok());
    return claim->id();
  }
  // An alert with a unique id, and so a unique reference.
  void accept_many(int many) {
    for (int i = 0; i < many; ++i) {
      spool::Entry entry;
      entry.alert = R"({"timestamp":"2025-03-14T07:40:01.037+0000","id":"1.)" + std::to_string(i) +
                    R"(","rule":{"level":10,"id":"5","description":"d"}})";
      accept(entry);
    }
  }
  int run(std::int64_t budget_ms = 20000) {
    http::Client http(settings.http);
    const LogLine note = [this](std::string_view level, const std::string& text) {
      log += std::string(level) + " " + text + "\n";
    };
    return drain({Env::real(), spool, http, settings, like, home.path(), note},
                 Deadline::after_ms(budget_ms));
  }

  int count = 0;
  std::string log;
  CannedServer server;
  TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value();
  Settings settings;
  spool::Entry like;
};

}  // namespace

TEST_CASE("drain: an empty queue sends nothing") {
  Fixture fixture({created_answer()});
  CHECK(fixture.run() == 0);
  CHECK(fixture.server.requests().empty());
}

TEST_CASE("drain_max is the number of sent entries") {
  Fixture fixture({created_answer()});
  fixture.accept_many(5);
  fixture.settings.drain_max = 2;
  CHECK(fixture.run() == 2);
  CHECK(fixture.home.entries("queue") == 3);
  fixture.settings.drain_max = 0;
  CHECK(fixture.run() == 0);
  CHECK(fixture.home.entries("queue") == 3);
}

TEST_CASE("without time nothing is sent or changed") {
  Fixture fixture({created_answer()});
  fixture.accept_many(2);
  CHECK(fixture.run(0) == 0);
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.home.entries("queue") == 2);
}

TEST_CASE("a failure of the server ends it: the others would fail too") {
  Fixture fixture({http_answer(503, "{}")});
  fixture.accept_many(3);
  CHECK(fixture.run() == 0);
  CHECK(fixture.home.entries("queue") == 3);
  int creates = 0;
  for (const std::string& line : fixture.server.requests()) creates += line.starts_with("POST");
  CHECK(creates == 1);
}

TEST_CASE("an alert that is refused for itself does not keep the others") {
  Fixture fixture(
      {http_answer(400, R"({"type":"BadRequest","message":"no such thing"})"), created_answer()});
  fixture.accept_many(3);
  CHECK(fixture.run() >= 2);
}

TEST_CASE("a damaged entry goes to corrupt with the reason, and the others are sent") {
  Fixture fixture({created_answer()});
  fixture.accept_many(1);
  fixture.home.write("queue/w2thive/queue/0000000001000-0000000000000001.alert", "damaged");
  CHECK(fixture.run() == 1);
  CHECK(fixture.home.entries("corrupt") == 1);
  CHECK(fixture.home.entries("queue") == 0);
  CHECK_THAT(fixture.log, Catch::Contains("ERROR entry 0000000001000-0000000000000001 cannot be "
                                          "sent: "));
  CHECK_THAT(fixture.log, Catch::Contains("; kept in "));
}

TEST_CASE("eight damaged entries are examined at a time") {
  Fixture fixture({created_answer()});
  for (int i = 1; i <= 12; ++i) {
    char name[80];
    std::snprintf(name, sizeof name, "queue/w2thive/queue/%013d-%016d.alert", 1000 + i, i);
    fixture.home.write(name, "damaged");
  }
  CHECK(fixture.run() == 0);
  CHECK(fixture.home.entries("corrupt") == 8);
  CHECK(fixture.home.entries("queue") == 4);
}

TEST_CASE("an entry of another URL waits for a process with its key") {
  Fixture fixture({created_answer()});
  spool::Entry other;
  other.hook_url = "http://other.example";
  fixture.accept(other);
  CHECK(fixture.run() == 0);
  CHECK(fixture.server.requests().empty());
  CHECK(fixture.home.entries("queue") == 1);
}

TEST_CASE("an entry of another block is sent with that block's settings") {
  Fixture fixture({created_answer()});
  fixture.home.write("etc/ossec.conf",
                     "<ossec_config><integration><name>custom-w2thive-b</name><hook_url>" +
                         fixture.server.url() +
                         "</hook_url><api_key>other</api_key><options>{\"thehive_version\":\"5\"}"
                         "</options></integration></ossec_config>\n");
  spool::Entry other;
  other.integration = "custom-w2thive-b";
  other.options = R"({"thehive_version":"5"})";
  fixture.accept(other);
  CHECK(fixture.run() == 1);
  CHECK(fixture.home.entries("queue") == 0);
}

TEST_CASE("other options of the same target use our settings if there are no others") {
  Fixture fixture({created_answer()});
  spool::Entry other;
  other.options = R"({"tlp":1})";
  fixture.accept(other);
  CHECK(fixture.run() == 1);
}

TEST_CASE("an undecided entry that becomes several is sent by the next process") {
  Fixture fixture({created_answer()});
  fixture.home.write(
      "etc/w2thive.json",
      R"({"url":")" + fixture.server.url() +
          R"(","api_key":"k","thehive_version":"5","destinations":{"acme":{"organisation":"a"}},
                            "rules":[{"set":{"destination":["acme","default"]}}]})");
  spool::Entry entry;
  entry.destination = spool::kUndecided;
  fixture.accept(entry);
  CHECK(fixture.run() == 0);
  CHECK(fixture.home.entries("queue") == 2);
}

}  // namespace socbridge::delivery
