// SPDX-License-Identifier: Apache-2.0
#include "reconcile/head_digest.h"

#include <catch2/catch.hpp>

#include "fixtures.h"
#include "hash/digest.h"

namespace socbridge::reconcile {
namespace {

using test::TempDir;

std::string fresh(const std::string& path, std::uint64_t bytes) {
  return HeadDigest(Env::real()).of(path, bytes);
}

}  // namespace

TEST_CASE("the digest of a file's beginning is that of its bytes, packed or not") {
  const TempDir dir;
  const std::string plain = dir.write("a", "0123456789");
  const std::string packed = dir.gzip("a.gz", "0123456789");
  CHECK(fresh(plain, 10) == sha256_hex("0123456789").substr(0, 16));
  CHECK(fresh(packed, 10) == fresh(plain, 10));
  CHECK(fresh(plain, 9) == sha256_hex("012345678").substr(0, 16));
  CHECK(fresh(plain, 0) == sha256_hex("").substr(0, 16));
}

TEST_CASE("of a file that cannot be read that far there is no digest") {
  const TempDir dir;
  const std::string file = dir.write("a", "0123456789");
  CHECK(fresh(file, 11).empty());
  CHECK(fresh(dir / "none", 1).empty());
  CHECK(fresh(dir.path(), 1).empty());
  const std::string cut = dir.write("cut.gz", "\x1f\x8b\x08");
  CHECK(fresh(cut, 1).empty());
}

TEST_CASE("at most the first 4096 bytes of a file have a digest") {
  const TempDir dir;
  const std::string file = dir.write("a", std::string(100000, 'x'));
  CHECK(fresh(file, HeadDigest::kMostBytes) ==
        sha256_hex(std::string(HeadDigest::kMostBytes, 'x')).substr(0, 16));
  CHECK(fresh(file, HeadDigest::kMostBytes + 1).empty());
}

TEST_CASE("one object gives the digests of several lengths and files") {
  const TempDir dir;
  const std::string a = dir.write("a", "0123456789"), b = dir.write("b", "abcdefghij");
  HeadDigest head(Env::real());
  for (const auto& [path, bytes] : {std::pair(a, 10), {a, 5}, {b, 5}, {a, 5}, {b, 10}}) {
    CHECK(head.of(path, static_cast<std::uint64_t>(bytes)) ==
          fresh(path, static_cast<std::uint64_t>(bytes)));
  }
}

TEST_CASE("a file that grew since it was first asked for has the digest of what it is now") {
  const TempDir dir;
  const std::string file = dir.write("a", "0123");
  HeadDigest head(Env::real());
  const std::string before = head.of(file, 4);
  dir.write("a", "0123456789");
  CHECK(head.of(file, 10) == fresh(file, 10));
  CHECK(head.of(file, 4) == before);
}

TEST_CASE("another file in the place of the one that was read is not taken for its growth") {
  const TempDir dir;
  const std::string file = dir.write("a", "0123");
  HeadDigest head(Env::real());
  const std::string before = head.of(file, 4);
  dir.write("a", "abcdefghij");
  CHECK(head.of(file, 10).empty());
  CHECK(head.of(file, 4) == before);
}

}  // namespace socbridge::reconcile
