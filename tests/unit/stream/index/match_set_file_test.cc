// SPDX-License-Identifier: Apache-2.0
// The set of values as a snapshot on disk.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "hash/siphash.h"
#include "stream/index/match_set.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using stream::MatchKey;
using stream::MatchSet;

namespace {

MatchKey name(int n) { return {"name", "h" + std::to_string(n) + ".example"}; }

using Numbers = std::vector<std::uint64_t>;

template <typename T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A snapshot that says so many networks and entries are behind its head, with a correct check.
std::string snapshot(std::uint64_t networks, std::uint64_t entries, const std::string& rest = {}) {
  std::string out = "socbridge-match-set 1\n";
  append(out, std::uint64_t{1});    // seed
  append(out, std::int64_t{5000});  // when it was refreshed
  append(out, networks);
  append(out, entries);
  out += rest;
  append(out, siphash(0, 0, out));
  return out;
}

}  // namespace

TEST_CASE("A snapshot is read back, a damaged one is not") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/values";
  MatchSet set(7);
  for (int i = 1; i <= 5000; ++i) set.add(name(i), static_cast<std::uint64_t>(i));
  set.add(*stream::key_of("ip", "203.0.113.0/24"), 9000);
  set.set_refreshed_ms(1234);
  REQUIRE(set.save(Env::real(), path).ok());
  MatchSet again(8);
  REQUIRE(again.load(Env::real(), path).ok());
  CHECK(again.size() == 5001);
  CHECK(again.refreshed_ms() == 1234);
  CHECK(again.find(name(77)) == Numbers{77});
  bool wide = false;
  CHECK(again.find_near(*stream::key_of("ip", "203.0.113.9"), wide) == Numbers{9000});
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK(MatchSet(9).load(Env::real(), path).code() == ExitCode::bad_input);
}

TEST_CASE("A snapshot with one other byte is damaged, and the set stays as it was") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/values";
  MatchSet set(7);
  set.add(name(1), 1);
  REQUIRE(set.save(Env::real(), path).ok());
  const std::string whole = folder.read("values");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string other = whole;
    other[at] = static_cast<char>(other[at] ^ 1);
    folder.write("values", other);
    MatchSet kept(8);
    kept.add(name(2), 2);
    const Status loaded = kept.load(Env::real(), path);
    CHECK(loaded.code() == ExitCode::bad_input);
    CHECK(loaded.line() == path + " is damaged or of another version; it is rebuilt");
    CHECK(kept.find(name(2)) == Numbers{2});
    CHECK(kept.refreshed_ms() == 0);
  }
}

TEST_CASE("A snapshot that promises more than it holds is damaged, however much") {
  const test::TempDir folder;
  const std::string slot(16, '\1');
  CHECK(MatchSet(1).load(Env::real(), folder.write("v", snapshot(0, 1, slot))).ok());
  for (const std::string& bad :
       {snapshot(0, 2, slot), snapshot(1, 1, slot), snapshot(0, 0, slot), snapshot(257, 0),
        snapshot(0, std::uint64_t{1} << 60), snapshot(0, (std::uint64_t{1} << 60) + 1, slot),
        snapshot(0, 1, slot + "x"), std::string("socbridge-match-set 1\n"), std::string()}) {
    MatchSet kept(8);
    kept.add(name(2), 2);
    CHECK(kept.load(Env::real(), folder.write("v", bad)).code() == ExitCode::bad_input);
    CHECK(kept.find(name(2)) == Numbers{2});
    CHECK(kept.refreshed_ms() == 0);
  }
}

TEST_CASE("A snapshot takes the place of all that the set had") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/values";
  REQUIRE(MatchSet(7).save(Env::real(), path).ok());
  MatchSet set(8);
  set.add(name(1), 1);
  REQUIRE(set.load(Env::real(), path).ok());
  CHECK(set.size() == 0);
  CHECK(set.find(name(1)).empty());
  set.add(name(1), 2);
  CHECK(set.find(name(1)) == Numbers{2});
}

TEST_CASE("What a pass after a snapshot does not see is forgotten") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/values";
  MatchSet before(7);
  before.begin_pass();
  before.add(name(1), 1);
  before.add(name(2), 2);
  REQUIRE(before.save(Env::real(), path).ok());
  MatchSet set(8);
  REQUIRE(set.load(Env::real(), path).ok());
  set.begin_pass();
  CHECK_FALSE(set.add(name(2), 2));
  set.end_pass();
  CHECK(set.size() == 1);
  CHECK(set.find(name(1)).empty());
}

TEST_CASE("A snapshot that is not there or cannot be written is an error of the file") {
  FaultEnv env;
  CHECK(MatchSet(1).load(env, "/none/values").sys_errno() == ENOENT);
  CHECK_FALSE(MatchSet(1).save(env, "/none/values").ok());
}
