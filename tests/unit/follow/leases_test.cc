// SPDX-License-Identifier: Apache-2.0
// Leases of several workers over one state index, which answers as OpenSearch does.
#include "follow/leases.h"

#include <catch2/catch.hpp>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "json/value.h"
#include "state_index.h"

namespace socbridge::follow {
namespace {

using test::StateIndex;

// One worker; they take turns, so the index needs no lock.
class Worker {
 public:
  Worker(StateIndex& index, const std::string& name, int slices, const std::int64_t& now)
      : Worker(index, options(name, slices, now)) {}
  Worker(StateIndex& index, LeaseOptions options)
      : connection_(http_, connection(index)), store_(connection_, "state") {
    leases = std::make_unique<Leases>(store_, std::move(options));
  }
  static LeaseOptions options(const std::string& name, int slices, const std::int64_t& now) {
    LeaseOptions out;
    out.worker = name;
    out.slices = slices;
    out.lease_ms = 3000;
    out.now_ms = [&now] { return now; };
    return out;
  }
  bool step() {
    const auto changed = leases->step();
    REQUIRE(changed.ok());
    return *changed;
  }
  std::unique_ptr<Leases> leases;

 private:
  static opensearch::ConnectionOptions connection(StateIndex& index) {
    opensearch::ConnectionOptions out;
    out.urls = {index.url()};
    out.retry_for_ms = 2000;
    return out;
  }
  http::Client http_{http::ClientOptions{}};
  opensearch::Connection connection_;
  opensearch::StateStore store_;
};

struct Fixture {
  std::int64_t now = 1;
  StateIndex index;
  Worker make(const std::string& name, int slices = 4) { return {index, name, slices, now}; }
  // Some rounds of all workers, a step apart.
  void run(std::initializer_list<Worker*> workers, int rounds = 4) {
    for (int i = 0; i < rounds; ++i) {
      now += 1000;
      for (Worker* one : workers) one->step();
    }
  }
};

std::set<int> all_of(std::initializer_list<Worker*> workers) {
  std::set<int> out;
  std::size_t count = 0;
  for (Worker* one : workers) {
    for (const int number : one->leases->owned()) out.insert(number);
    count += one->leases->owned().size();
  }
  CHECK(out.size() == count);  // no slice twice
  return out;
}

}  // namespace

TEST_CASE("one worker has all slices; a second one gets half of them") {
  Fixture f;
  Worker a = f.make("a"), b = f.make("b");
  REQUIRE(a.leases->open().ok());
  CHECK(a.step());
  CHECK(a.leases->owned().size() == 4);
  REQUIRE(b.leases->open().ok());
  f.run({&a, &b});
  CHECK(a.leases->owned().size() == 2);
  CHECK(b.leases->owned().size() == 2);
  CHECK(all_of({&a, &b}).size() == 4);
  CHECK(a.leases->workers() == 2);
}

TEST_CASE("the slices of a dead worker are taken over after its lease, not before") {
  Fixture f;
  Worker a = f.make("a"), b = f.make("b");
  REQUIRE(a.leases->open().ok());
  REQUIRE(b.leases->open().ok());
  f.run({&a, &b});
  f.run({&b}, 2);  // two seconds of silence
  CHECK(b.leases->owned().size() == 2);
  f.run({&b}, 3);
  CHECK(b.leases->owned().size() == 4);
  // It was only slow: its slices have another owner, and it cannot record progress.
  const int taken = a.leases->owned().front();
  const auto saved = a.leases->save(taken);
  REQUIRE(saved.ok());
  CHECK_FALSE(*saved);
  CHECK_FALSE(a.leases->owns(taken));
  f.run({&a, &b});
  CHECK(all_of({&a, &b}).size() == 4);
}

TEST_CASE("released slices are available at once") {
  Fixture f;
  Worker a = f.make("a"), b = f.make("b");
  REQUIRE(a.leases->open().ok());
  a.step();
  a.leases->close();
  CHECK(a.leases->owned().empty());
  CHECK_FALSE(f.index.has("default.worker.a"));
  REQUIRE(b.leases->open().ok());
  b.step();
  CHECK(b.leases->owned().size() == 4);
}

TEST_CASE("progress comes to the next owner, and survives a lost answer") {
  Fixture f;
  Worker a = f.make("a", 1), b = f.make("b", 1);
  REQUIRE(a.leases->open().ok());
  a.step();
  const auto cursor =
      json::Document::parse(R"({"index":"i-1","uuid":"u","shard":0,"settled":16,"taken":""})");
  REQUIRE(cursor.ok());
  ShardCursor place = ShardCursor::read(cursor->root());
  REQUIRE(place.uuid() == "u");
  const std::string written = place.write();
  a.leases->slice(0).shards.insert_or_assign(place.key(), place);
  f.index.lose_answers_to_puts = 1;
  const auto saved = a.leases->save(0);
  REQUIRE(saved.ok());
  CHECK(*saved);
  a.leases->close();
  REQUIRE(b.leases->open().ok());
  b.step();
  REQUIRE(b.leases->owns(0));
  REQUIRE(b.leases->slice(0).shards.size() == 1);
  CHECK(b.leases->slice(0).shards.begin()->second.write() == written);
}

TEST_CASE("whatever workers come and go, no slice has two owners and none is left") {
  Fixture f;
  Worker a = f.make("a", 7), b = f.make("b", 7), c = f.make("c", 7);
  for (Worker* one : {&a, &b, &c}) REQUIRE(one->leases->open().ok());
  const std::vector<std::vector<Worker*>> alive = {{&a}, {&a, &b}, {&b}, {&a, &b, &c}, {&c, &a}};
  for (const auto& now : alive) {
    for (int round = 0; round < 12; ++round) {
      f.now += 1000;
      for (Worker* one : now) one->step();
      std::set<int> owners;
      // The owner is the worker that can still record progress, whatever others assume.
      std::size_t count = 0;
      for (Worker* one : now) {
        count += one->leases->owned().size();
        for (const int number : one->leases->owned()) owners.insert(number);
      }
      CHECK(owners.size() == count);
    }
    std::size_t total = 0;
    for (Worker* one : now) total += one->leases->owned().size();
    CHECK(total == 7);
  }
}

TEST_CASE("a stream that is divided otherwise or damaged is not joined") {
  Fixture f;
  Worker a = f.make("a", 4);
  REQUIRE(a.leases->open().ok());
  Worker other = f.make("b", 5), automatic = f.make("c", 0);
  const Status refused = other.leases->open();
  CHECK(refused.code() == ExitCode::usage);
  CHECK(refused.line().find("--slices 4") != std::string::npos);
  REQUIRE(automatic.leases->open().ok());
  CHECK(automatic.leases->slices() == 4);
  f.index.set("default.plan", R"({"slices":0})");
  CHECK(automatic.leases->open().code() == ExitCode::failure);
}

TEST_CASE("a worker with one fixed slice takes no other") {
  Fixture f;
  LeaseOptions options = Worker::options("a", 4, f.now);
  options.only = 2;
  Worker a(f.index, options);
  REQUIRE(a.leases->open().ok());
  f.run({&a});
  CHECK(a.leases->owned() == std::vector<int>{2});
}

}  // namespace socbridge::follow
