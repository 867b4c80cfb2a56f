// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "spool/spool.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::Counted;
using spool::Spool;
using spool::State;

namespace {

std::uint64_t count(const Spool& spool, const std::string& destination, Counted counted) {
  const auto read = spool.counts(destination).read().value();
  return read ? read->at(static_cast<std::size_t>(counted)) : 0;
}

std::vector<spool::Claim> accept(Spool& spool) {
  spool::Entry entry;
  entry.integration = "custom-w2thive";
  entry.accepted_ms = 1741938001037;
  entry.alert = "{}";
  return spool.accept_each(entry, {"acme", ""}).value();
}

}  // namespace

TEST_CASE("each destination has separate counts, and there is a sum") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "s").value();
  CHECK(spool.counted_destinations() == std::vector<std::string>{""});
  auto claims = accept(spool);
  REQUIRE(spool.remove(std::move(claims[0]), Counted::created).ok());
  spool::Reason reason;
  reason.attempts = 1;
  REQUIRE(spool.postpone(std::move(claims[1]), reason, 1, Counted::postponed).ok());
  CHECK(count(spool, "acme", Counted::created) == 1);
  CHECK(count(spool, "", Counted::created) == 0);
  CHECK(count(spool, "", Counted::postponed) == 1);
  CHECK(spool.counted_destinations() == std::vector<std::string>{"", "acme"});
  const auto all = spool.all_counts().value();
  REQUIRE(all);
  CHECK(all->at(static_cast<std::size_t>(Counted::created)) == 1);
  CHECK(all->at(static_cast<std::size_t>(Counted::postponed)) == 1);
}

TEST_CASE("an entry dropped by an operator counts at its destination, without being read") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "s").value();
  std::string id;
  {
    auto claims = accept(spool);
    id = claims[0].id();
  }
  auto claim = spool.claim(State::queue, id).value();
  REQUIRE(claim.has_value());
  REQUIRE(spool.remove(std::move(*claim), Counted::dropped).ok());
  CHECK(count(spool, "acme", Counted::dropped) == 1);
  CHECK(count(spool, "", Counted::dropped) == 0);
}

TEST_CASE("a name that is not a file name counts with the top-level destination") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "s").value();
  CHECK(&spool.counts("../../x") == &spool.counts());
  CHECK(&spool.counts(spool::kUndecided) == &spool.counts());
  CHECK(&spool.counts("acme") != &spool.counts());
}
