// SPDX-License-Identifier: Apache-2.0
#include "base/secret.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <new>
#include <type_traits>
#include <utility>

using namespace socbridge;

namespace {

const std::string kShort = "s3cret-short";  // lives inside of the object
const std::string kLong = "s3cret-" + std::string(100, 'x');

// Memory of a Secret that a test may read after its destruction.
struct Place {
  alignas(Secret) std::array<unsigned char, sizeof(Secret)> bytes{};
  void* at() { return bytes.data(); }
  bool holds(const std::string& text) const {
    return std::string(bytes.begin(), bytes.end()).find(text) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("a secret cannot be printed or compared by accident") {
  CHECK_FALSE(std::is_convertible_v<Secret, std::string>);
  CHECK_FALSE(std::is_convertible_v<std::string, Secret>);
  CHECK_FALSE(std::is_convertible_v<Secret, std::string_view>);
}

TEST_CASE("copies and moves keep the bytes, and a moved-from secret is empty") {
  for (const std::string& text : {kShort, kLong, std::string(), std::string("a\0b", 3)}) {
    Secret one(text);
    CHECK(one.empty() == text.empty());
    const Secret copy(one);
    Secret moved(std::move(one));
    CHECK(copy.reveal() == text);
    CHECK(moved.reveal() == text);
    CHECK(one.empty());  // NOLINT(bugprone-use-after-move): that is what is asked
    Secret assigned("old");
    assigned = copy;
    CHECK(assigned.reveal() == text);
    assigned = std::move(moved);
    CHECK(assigned.reveal() == text);
    CHECK(moved.empty());  // NOLINT(bugprone-use-after-move)
  }
}

TEST_CASE("assigning a secret to itself keeps it") {
  Secret one(kLong);
  Secret& same = one;
  one = same;
  CHECK(one.reveal() == kLong);
  one = std::move(same);
  CHECK(one.reveal() == kLong);
}

TEST_CASE("the memory of a destroyed, moved or replaced secret no longer contains it") {
  Place place;
  auto* secret = new (place.at()) Secret(kShort);
  CHECK(place.holds(kShort));
  secret->~Secret();
  CHECK_FALSE(place.holds("3cret"));  // the first byte goes with the length

  auto* moved = new (place.at()) Secret(kShort);
  const Secret elsewhere(std::move(*moved));
  CHECK_FALSE(place.holds("3cret"));  // the first byte goes with the length
  CHECK(elsewhere.reveal() == kShort);
  *moved = Secret(kShort);
  *moved = Secret("x");
  CHECK_FALSE(place.holds("3cret"));  // the first byte goes with the length
  moved->~Secret();
}

TEST_CASE("a buffer that is on the heap is wiped before it is replaced") {
  Secret one(kLong);
  const char* const where = one.reveal().data();
  const Secret shorter("short");
  one = shorter;
  // The text is replaced in the same buffer, without leftovers of the old one.
  if (one.reveal().data() == where) {
    for (std::size_t i = shorter.reveal().size(); i < kLong.size(); ++i) CHECK(where[i] == '\0');
  }
  CHECK(one.reveal() == "short");
}

TEST_CASE("wiping clears everything, also an empty secret") {
  std::array<char, 8> bytes{};
  bytes.fill('x');
  secure_wipe(bytes.data() + 1, 6);
  CHECK(std::string(bytes.begin(), bytes.end()) == std::string("x\0\0\0\0\0\0x", 8));
  secure_wipe(nullptr, 0);
  secure_wipe(nullptr, 5);
  secure_wipe(bytes.data(), 0);
  CHECK(bytes[0] == 'x');
}

TEST_CASE("a process that wants it can no longer be dumped") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    disable_core_dumps();
    ::_exit(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
