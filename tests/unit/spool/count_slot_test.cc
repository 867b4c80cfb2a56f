// SPDX-License-Identifier: Apache-2.0
#include "spool/count_slot.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::spool;

namespace {

// A slot with a note for the next value of the count.
CountSlot noted(Counted counted, std::uint64_t before) {
  CountSlot slot;
  slot.count(counted) = before;
  slot.words[1] = 1741938001037;
  slot.words[2] = 0xfedcba9876543210;
  slot.words[3] =
      static_cast<std::uint64_t>(counted) | (std::uint64_t{2} << 8U) | (std::uint64_t{77} << 32U);
  slot.words[4] = before + 1;
  slot.words[0] = slot.check();
  return slot;
}

}  // namespace

TEST_CASE("an empty slot has no note and is not damaged") {
  const CountSlot slot;
  CHECK_FALSE(slot.open());
  CHECK_FALSE(slot.damaged());
}

TEST_CASE("a note is open until its count is written") {
  for (std::size_t i = 0; i < kCounted; ++i) {
    const auto counted = static_cast<Counted>(i);
    CountSlot slot = noted(counted, 41);
    CHECK(slot.open());
    CHECK(slot.counted() == counted);
    CHECK(slot.state() == 2);
    CHECK(slot.attempts() == 77);
    CHECK(slot.target() == 42);
    CHECK(id_text(slot.id()) == "1741938001037-fedcba9876543210");
    slot.count(counted) = 42;
    CHECK_FALSE(slot.open());
    slot.count(counted) = 40;  // the file went back
    CHECK_FALSE(slot.open());
  }
}

TEST_CASE("count slot: a note with any changed bit is none") {
  const CountSlot whole = noted(Counted::created, 5);
  for (std::size_t word = 0; word < CountSlot::kCounts; ++word) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      CountSlot slot = whole;
      slot.words.at(word) ^= std::uint64_t{1} << bit;
      CAPTURE(word, bit);
      CHECK_FALSE(slot.open());
    }
  }
}

TEST_CASE("a note of an unknown count is ignored") {
  CountSlot slot = noted(Counted::created, 5);
  slot.words[3] = (slot.words[3] & ~std::uint64_t{0xFF}) | kCounted;
  slot.words[0] = slot.check();
  CHECK_FALSE(slot.counted());
  CHECK_FALSE(slot.open());
}

TEST_CASE("more than can have been counted is damage") {
  CountSlot slot;
  slot.words[CountSlot::kCounts] = CountSlot::kMostCount;
  CHECK_FALSE(slot.damaged());
  for (std::size_t i = CountSlot::kCounts; i < CountSlot::kWords; ++i) {
    CountSlot one;
    one.words.at(i) = CountSlot::kMostCount + 1;
    CHECK(one.damaged());
  }
  slot.words[1] = slot.words[4] = ~std::uint64_t{0};  // of the note: no count
  CHECK_FALSE(slot.damaged());
}

TEST_CASE("the check value is never the one for no note") {
  CountSlot slot;
  CHECK(slot.check() != 0);
  CountSlot other;
  other.words[1] = 1;
  CHECK(slot.check() != other.check());
}
