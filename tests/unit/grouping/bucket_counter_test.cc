// SPDX-License-Identifier: Apache-2.0
#include "grouping/bucket_counter.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "support/spool_fixture.h"

using namespace socbridge;
using namespace socbridge::grouping;
using namespace socbridge::test;

namespace {

Result<BucketCounter> open(const TempDir& dir) {
  return BucketCounter::open(Env::real(), dir.path(), "g-1");
}

std::uint64_t add(const TempDir& dir, const std::string& ref) {
  auto counter = open(dir);
  REQUIRE(counter.ok());
  const auto place = counter->add({ref, 1000, 7});
  REQUIRE(place.ok());
  return *place;
}

}  // namespace

TEST_CASE("each alert has one place, however often it comes") {
  const TempDir dir;
  CHECK(add(dir, "a") == 0);
  CHECK(add(dir, "b") == 1);
  CHECK(add(dir, "a") == 0);
  CHECK(add(dir, "c") == 2);
  CHECK(open(dir)->view().count() == 3);
  CHECK(open(dir)->view().members[1].level == 7);
}

TEST_CASE("bucket counter: everything is read back") {
  const TempDir dir;
  {
    auto counter = open(dir);
    REQUIRE(counter->add_observables({"0123456789abcdef", "00"}).ok());
    REQUIRE(counter->add_observables({"00", "11"}).ok());
    REQUIRE(counter->set_base(5).ok());
    REQUIRE(counter->set_entry("x-1").ok());
    REQUIRE(counter->sync().ok());
  }
  const auto counter = open(dir);
  CHECK(counter->view().observables == std::set<std::string>{"00", "0123456789abcdef", "11"});
  CHECK(counter->view().base == 5);
  CHECK(counter->view().entries.at("") == "x-1");
}

TEST_CASE("a file truncated at any byte loses at most its last line and continues") {
  const TempDir dir;
  add(dir, "first");
  add(dir, "second");
  const std::string whole = dir.read("buckets/g-1");
  const std::size_t line = whole.find('\n') + 1;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    dir.write("buckets/g-1", whole.substr(0, size));
    const std::uint64_t left = size < line ? 0 : size < whole.size() ? 1 : 2;
    CHECK(open(dir)->view().count() == left);
    CHECK(add(dir, "third") == left);
    CHECK(add(dir, "third") == left);
    CHECK(open(dir)->view().count() == left + 1);
  }
}

TEST_CASE("a counter has one user at a time, and a waiting one gets its turn") {
  const TempDir dir;
  auto first = open(dir);
  REQUIRE(first.ok());
  const auto second = open(dir);
  CHECK_FALSE(second.ok());
  std::thread late([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    auto gone = std::move(*first);
  });
  const auto third = open(dir);
  CHECK(third.ok());
  late.join();
}

TEST_CASE("positions stay unique with concurrent writers") {
  const TempDir dir;
  std::vector<std::thread> threads;
  std::vector<std::vector<std::uint64_t>> places(4);
  for (std::size_t t = 0; t < places.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        auto counter = open(dir);
        if (!counter.ok()) continue;
        const auto place = counter->add({std::to_string(t) + "-" + std::to_string(i), 0, 0});
        if (place.ok()) places[t].push_back(*place);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> all;
  std::size_t count = 0;
  for (const auto& list : places) {
    count += list.size();
    all.insert(list.begin(), list.end());
  }
  CHECK(all.size() == count);
  CHECK(open(dir)->view().count() == count);
}

TEST_CASE("a large counter only counts") {
  const TempDir dir;
  std::string text;
  for (int i = 0; text.size() < (std::size_t{2} << 20); ++i) {
    text += "m ref-" + std::to_string(i) + " 1000 7\n";
  }
  dir.write("buckets/g-1", text);
  const std::uint64_t before = open(dir)->view().count();
  CHECK(add(dir, "one") == before);
  CHECK(add(dir, "two") == before + 1);
  CHECK(open(dir)->view().unnamed == 2);
  CHECK(dir.read("buckets/g-1").size() == text.size() + 4);
}

TEST_CASE("a bucket whose summary is still to be sent is not removed for new ones") {
  const TempDir spool;
  Env& env = Env::real();
  const auto write = [&](const std::string& name, const std::string& text, UnixMillis mtime) {
    spool.write("state/buckets/" + name, text);
    auto fd = env.open_rw(spool.path() + "/state/buckets/" + name, 0600);
    REQUIRE(fd.ok());
    REQUIRE(env.set_mtime_ms(fd->get(), mtime).ok());
  };
  const auto exists = [&](const std::string& name) {
    return env.lstat(spool.path() + "/state/buckets/" + name).ok();
  };
  const UnixMillis now = wall_now_ms();
  constexpr UnixMillis kDay = UnixMillis{24} * 3600 * 1000;
  spool.write("queue/waits.alert", "x");
  spool.write("dead/refused.alert", "x");
  write("c-waits", "m a 1 7\nm b 2 7\nt gone\nt waits\n", now - kDay);
  write("c-refused", "m a 1 7\nt refused\n", now - 40 * kDay);
  write("c-delivered", "m a 1 7\nt delivered\n", now - kDay);
  write("c-old", "m a 1 7\n", now - 40 * kDay);
  for (int i = 0; i < 10000; ++i) write("c-" + std::to_string(i), "", now - 1000 - i);
  // One new bucket in 64 checks all others.
  for (int i = 0; i < 1000 && exists("c-old"); ++i) {
    REQUIRE(BucketCounter::open(env, spool.path() + "/state", "c-new-" + std::to_string(i)).ok());
  }
  CHECK_FALSE(exists("c-old"));
  CHECK_FALSE(exists("c-delivered"));
  CHECK(spool.read("state/buckets/c-refused") == "m a 1 7\nt refused\n");
  CHECK(spool.read("state/buckets/c-waits") == "m a 1 7\nm b 2 7\nt gone\nt waits\n");
}

TEST_CASE("a process that waited for a removed bucket gets the new one") {
  const TempDir dir;
  auto first = open(dir);
  REQUIRE(first.ok());
  std::thread late([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    static_cast<void>(Env::real().unlink(dir.path() + "/buckets/g-1"));
    auto gone = std::move(*first);
  });
  CHECK(add(dir, "counted") == 0);
  late.join();
  CHECK(open(dir)->view().count() == 1);
}

TEST_CASE("no folder, no counter") {
  const auto counter = BucketCounter::open(Env::real(), "/proc/none", "g-1");
  CHECK_FALSE(counter.ok());
}
