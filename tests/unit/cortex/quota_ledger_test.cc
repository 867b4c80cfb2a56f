// SPDX-License-Identifier: Apache-2.0
#include "cortex/quota_ledger.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include "support/temp_dir.h"

using namespace socbridge;
using cortex::Ledger;

namespace {

struct Folder : test::TempDir {
  std::string quota() const { return path() + "/q/k.quota"; }
};

constexpr std::int64_t kDay = 86400000;
const cortex::Limit kTen{10, kDay, "Day", "test"};

std::int64_t granted(Ledger& ledger, std::int64_t wanted, UnixMillis now,
                     std::int64_t elsewhere = 0) {
  const auto grant = ledger.reserve("k", kTen, wanted, elsewhere, now);
  REQUIRE(grant.ok());
  return grant->count;
}

void append(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::app) << text;
}

}  // namespace

TEST_CASE("no more is granted than the limit, in any window") {
  Folder folder;
  Ledger ledger(Env::real(), folder.path() + "/q");
  const UnixMillis t = 10 * kDay;
  CHECK(granted(ledger, 4, t) == 4);
  CHECK(granted(ledger, 8, t + 1) == 6);
  CHECK(granted(ledger, 1, t + 2) == 0);
  const auto full = ledger.usage("k", kTen, t + 2);
  CHECK(full->used == 10);
  CHECK(full->left == 0);
  CHECK(full->next_free == t + kDay);
  CHECK(granted(ledger, 9, t + kDay) == 4);  // the first four have left the window
  CHECK(granted(ledger, 9, t + kDay + 1) == 6);
}

TEST_CASE("jobs of other clients count, and unused quota is returned") {
  Folder folder;
  Ledger ledger(Env::real(), folder.path() + "/q");
  CHECK(granted(ledger, 9, 5 * kDay, 3) == 7);
  REQUIRE(ledger.give_back("k", 5 * kDay, 2).ok());
  CHECK(granted(ledger, 9, 5 * kDay + 1) == 5);
}

TEST_CASE("another process sees the reserved quota; a truncated or unknown line counts as full") {
  Folder folder;
  CHECK([&] {
    Ledger first(Env::real(), folder.path() + "/q");
    return granted(first, 5, 5 * kDay);
  }() == 5);
  append(folder.quota(), "43200");  // power went while this was written
  Ledger second(Env::real(), folder.path() + "/q");
  CHECK(granted(second, 3, 5 * kDay + 1) == 3);
  append(folder.quota(), "rubbish\n");
  CHECK(granted(second, 3, 5 * kDay + 2) == 2);
  CHECK(granted(second, 3, 5 * kDay + 3) == 0);
}

TEST_CASE("a clock that was set back makes no room") {
  Folder folder;
  Ledger ledger(Env::real(), folder.path() + "/q");
  CHECK(granted(ledger, 10, 9 * kDay) == 10);
  CHECK(granted(ledger, 1, 3 * kDay) == 0);
}

TEST_CASE("eight processes at once get at most the quota") {
  Folder folder;
  std::atomic<std::int64_t> sum{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Ledger ledger(Env::real(), folder.path() + "/q");
      for (int n = 0; n < 5; ++n) {
        const auto grant = ledger.reserve("k", kTen, 1, 0, 5 * kDay);
        if (grant.ok()) sum += grant->count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(sum == 10);
}

TEST_CASE("a long ledger is cut to the lines that still count") {
  Folder folder;
  Ledger ledger(Env::real(), folder.path() + "/q");
  CHECK(granted(ledger, 1, kDay) == 1);
  std::string old;
  for (int i = 0; i < 10000; ++i) old += "1000 1\n";
  append(folder.quota(), old);
  CHECK(granted(ledger, 10, 5 * kDay) == 10);
  CHECK(Env::real().stat(folder.quota())->size < 100);
}
