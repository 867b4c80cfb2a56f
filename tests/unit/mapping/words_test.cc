// SPDX-License-Identifier: Apache-2.0
#include "mapping/words.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

namespace socbridge::mapping {
namespace {

constexpr Words<3> kWords = {"ip", "address", "forwardedfor"};
static_assert(kWords.has("ip") && !kWords.has("ipv6"));

TEST_CASE("A list of words matches complete names, suffixes and parts", "[mapping]") {
  CHECK(kWords.has("address"));
  CHECK_FALSE(kWords.has("addres"));
  CHECK_FALSE(kWords.has("Address"));
  CHECK(kWords.ends("srcip"));
  CHECK(kWords.ends("ip"));
  CHECK_FALSE(kWords.ends("ipsec"));
  CHECK(kWords.in("myaddresses"));
  CHECK(kWords.in("recipient"));
  CHECK_FALSE(kWords.in("pi"));
}

TEST_CASE("Names of zero or one byte are not words", "[mapping]") {
  for (const char* const name : {"", "i", "p"}) {
    CHECK_FALSE(kWords.has(name));
    CHECK_FALSE(kWords.ends(name));
    CHECK_FALSE(kWords.in(name));
  }
}

// The filter may only reject what the comparison rejects.
TEST_CASE("A list of words agrees with plain comparisons", "[mapping]") {
  constexpr std::array<std::string_view, 5> kPieces = {"ip", "a", "address", "for", "x1"};
  std::size_t hits = 0;
  for (std::size_t n = 0; n < 625; ++n) {
    std::string name;
    for (std::size_t i = n; i > 0; i /= 5) name += kPieces[i % 5];
    bool has = false, ends = false, in = false;
    for (const std::string_view word : {"ip", "address", "forwardedfor"}) {
      has = has || name == word;
      ends = ends || name.ends_with(word);
      in = in || name.find(word) != std::string::npos;
    }
    CHECK(kWords.has(name) == has);
    CHECK(kWords.ends(name) == ends);
    CHECK(kWords.in(name) == in);
    hits += in ? 1 : 0;
  }
  CHECK(hits > 100);
}

}  // namespace
}  // namespace socbridge::mapping
