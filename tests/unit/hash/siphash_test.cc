// SPDX-License-Identifier: Apache-2.0
#include "hash/siphash.h"

#include <catch2/catch.hpp>
#include <string>

using socbridge::siphash;

TEST_CASE("SipHash-2-4 gives the values of its authors") {
  constexpr std::uint64_t k0 = 0x0706050403020100, k1 = 0x0f0e0d0c0b0a0908;
  std::string bytes;
  CHECK(siphash(k0, k1, bytes) == 0x726fdb47dd0e0e31);
  bytes += '\0';
  CHECK(siphash(k0, k1, bytes) == 0x74f839c593dc67fd);
  for (char c = 1; c < 15; ++c) bytes += c;
  CHECK(siphash(k0, k1, bytes) == 0xa129ca6149be45e5);
}

TEST_CASE("each half of the key counts, and so does the length") {
  const std::uint64_t value = siphash(1, 2, "abc");
  CHECK(siphash(1, 2, "abc") == value);
  CHECK(siphash(2, 2, "abc") != value);
  CHECK(siphash(1, 3, "abc") != value);
  CHECK(siphash(1, 2, std::string("abc\0", 4)) != value);
}
