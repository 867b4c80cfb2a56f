// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_journal.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using stream::MatchJournal;

namespace {

// Everything that waits, confirmed.
std::vector<std::string> drain(MatchJournal& journal, std::size_t most = 3) {
  std::vector<std::string> out;
  while (!journal.empty()) {
    const auto batch = journal.next(most);
    REQUIRE(batch.ok());
    REQUIRE(batch->lines.size() <= most);
    out.insert(out.end(), batch->lines.begin(), batch->lines.end());
    REQUIRE(journal.confirm(*batch).ok());
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("Lines are read back in order, once, also in another process") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/matches";
  {
    auto journal = MatchJournal::open(Env::real(), path);
    REQUIRE(journal.ok());
    CHECK(journal->empty());
    REQUIRE(journal->append("a\nb\nc\nd\n").ok());
    const auto batch = journal->next(2);
    CHECK(batch->lines == Lines{"a", "b"});
    REQUIRE(journal->confirm(*batch).ok());
    CHECK(journal->next(2)->lines == Lines{"c", "d"});  // not confirmed
  }
  auto journal = MatchJournal::open(Env::real(), path);
  REQUIRE(journal.ok());
  REQUIRE(journal->append("e\n").ok());
  CHECK(drain(*journal) == Lines{"c", "d", "e"});
  CHECK(journal->empty());
}

TEST_CASE("match journal: A part of a batch can be confirmed") {
  const test::TempDir folder;
  auto journal = MatchJournal::open(Env::real(), folder.path() + "/matches");
  REQUIRE(journal->append("a\nbb\nccc\nd\n").ok());
  const auto batch = journal->next(4);
  CHECK(batch->first(9).end == batch->end);
  REQUIRE(journal->confirm(batch->first(0)).ok());
  REQUIRE(journal->confirm(batch->first(2)).ok());
  const auto rest = journal->next(4);
  CHECK(rest->lines == Lines{"ccc", "d"});
  REQUIRE(journal->confirm(rest->first(1)).ok());
  CHECK(drain(*journal) == Lines{"d"});
}

TEST_CASE("A partial line after a crash is ignored") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/matches";
  {
    auto journal = MatchJournal::open(Env::real(), path);
    REQUIRE(journal->append("a\n").ok());
  }
  std::ofstream(path + ".1", std::ios::app) << "half";
  auto journal = MatchJournal::open(Env::real(), path);
  REQUIRE(journal->append("b\n").ok());
  CHECK(drain(*journal) == Lines{"a", "b"});
}

TEST_CASE("A lost place repeats, it does not lose") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/matches";
  {
    auto journal = MatchJournal::open(Env::real(), path);
    REQUIRE(journal->append("a\nb\n").ok());
    REQUIRE(journal->confirm(*journal->next(1)).ok());
  }
  std::ofstream(path + ".place") << "nonsense";
  auto journal = MatchJournal::open(Env::real(), path);
  CHECK(drain(*journal) == Lines{"a", "b"});
}

TEST_CASE("match journal: Delivered files are removed") {
  const test::TempDir folder;
  auto journal = MatchJournal::open(Env::real(), folder.path() + "/matches");
  const std::string line = std::string(100000, 'x') + "\n";
  for (int i = 0; i < 100; ++i) REQUIRE(journal->append(line).ok());
  CHECK(journal->waiting_bytes() == 100 * line.size());
  CHECK(drain(*journal, 7).size() == 100);
  CHECK(journal->next(1)->lines.empty());
  std::uintmax_t left = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path()))
    left += file.file_size();
  CHECK(left < (std::uintmax_t{5} << 20));
}

TEST_CASE("A place that is not ours, of any length, makes all lines be read again") {
  for (const std::string& place : {std::string("7"), std::string("x y"), std::string(200, '1')}) {
    const test::TempDir folder;
    std::ofstream(folder.path() + "/matches.1") << "a\nb\n";
    std::ofstream(folder.path() + "/matches.place") << place;
    auto journal = MatchJournal::open(Env::real(), folder.path() + "/matches");
    REQUIRE(journal.ok());
    CHECK(drain(*journal) == Lines{"a", "b"});
  }
}

TEST_CASE("A failed append loses no line of a later one") {
  // Calls of append(): write, sync, and after a failure the size and a new file with its folder.
  for (int failing = 1; failing <= 2; ++failing) {
    for (int next = 0; next <= 4; ++next) {
      CAPTURE(failing, next);
      FaultEnv env;
      REQUIRE(env.mkdir("/j", 0700).ok());
      auto journal = MatchJournal::open(env, "/j/matches");
      REQUIRE(journal.ok());
      REQUIRE(journal->append("first\n").ok());
      env.reset();
      env.fail_at = failing;
      env.also_fail_at = next == 0 ? 0 : failing + next;
      CHECK_FALSE(journal->append("second\n").ok());
      env.fail_at = env.also_fail_at = 0;
      REQUIRE(journal->append("second\n").ok());
      REQUIRE(journal->append("third\n").ok());
      Lines lines = drain(*journal);
      CHECK(lines.front() == "first");
      CHECK(lines.back() == "third");
      // What was not acknowledged may be there twice.
      lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
      CHECK(lines == Lines{"first", "second", "third"});
    }
  }
}

TEST_CASE("Power loss takes no line that append() returned from") {
  for (const bool garbage : {false, true}) {
    FaultEnv env;
    REQUIRE(env.mkdir("/j", 0700).ok());
    {
      auto journal = MatchJournal::open(env, "/j/matches");
      REQUIRE(journal->append("a\nb\n").ok());
      REQUIRE(journal->confirm(*journal->next(1)).ok());
      env.reset();
      env.fail_at = 2;  // the sync
      CHECK_FALSE(journal->append("c\n").ok());
      env.fail_at = 0;
    }
    env.crash(false, garbage);
    auto journal = MatchJournal::open(env, "/j/matches");
    REQUIRE(journal.ok());
    REQUIRE(journal->append("d\n").ok());
    CHECK(drain(*journal) == Lines{"b", "d"});
  }
}

TEST_CASE("A journal whose folder cannot be read or written is not opened") {
  FaultEnv env;
  CHECK(MatchJournal::open(env, "/none/matches").status().code() == ExitCode::failure);
  REQUIRE(env.mkdir("/j", 0700).ok());
  env.reset();
  const bool opened = MatchJournal::open(env, "/j/matches").ok();
  REQUIRE(opened);
  const int calls = env.calls;
  int failed = 0;
  for (int at = 1; at <= calls; ++at) {
    FaultEnv each;
    REQUIRE(each.mkdir("/j", 0700).ok());
    each.reset();
    each.fail_at = at;
    failed += MatchJournal::open(each, "/j/matches").ok() ? 0 : 1;
    each.fail_at = 0;
    CHECK(MatchJournal::open(each, "/j/matches").ok());
  }
  CHECK(failed > 0);
}

TEST_CASE("A file that became shorter is an error, not an end") {
  FaultEnv env;
  REQUIRE(env.mkdir("/j", 0700).ok());
  auto journal = MatchJournal::open(env, "/j/matches");
  REQUIRE(journal->append("a\n").ok());
  REQUIRE(env.unlink("/j/matches.1").ok());
  REQUIRE(env.create_new("/j/matches.1", 0600).ok());
  const auto batch = journal->next(1);
  REQUIRE_FALSE(batch.ok());
  CHECK(batch.status().line() == "cannot read /j/matches.1: it is shorter than it was");
  env.reset();
  env.fail_at = 2;  // the read
  CHECK_THAT(journal->next(1).status().line(), Catch::StartsWith("/j/matches.1: "));
}

TEST_CASE("A line longer than what is read at once is read whole") {
  const test::TempDir folder;
  auto journal = MatchJournal::open(Env::real(), folder.path() + "/matches");
  const std::string longest(std::size_t{3} << 20, 'x');
  REQUIRE(journal->append("a\n" + longest + "\nb\n").ok());
  CHECK(drain(*journal, 1) == Lines{"a", longest, "b"});
}

TEST_CASE("Each append is reported, also a failed one, but not one of nothing") {
  FaultEnv env;
  REQUIRE(env.mkdir("/j", 0700).ok());
  auto journal = MatchJournal::open(env, "/j/matches");
  int reports = 0;
  journal->set_on_append([&] { ++reports; });
  REQUIRE(journal->append("").ok());
  CHECK(reports == 0);
  REQUIRE(journal->append("a\n").ok());
  env.reset();
  env.fail_at = 1;
  CHECK_FALSE(journal->append("b\n").ok());
  CHECK(reports == 2);
}
