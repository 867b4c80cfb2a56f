// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "stream/comment.h"
#include "stream/index/match_journal.h"
#include "stream/reader/cursor.h"
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

TEST_CASE("A part of a batch can be confirmed") {
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

TEST_CASE("Delivered files are removed") {
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

TEST_CASE("A cursor continues, a heartbeat's some seconds earlier") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/cursor.json";
  CHECK_FALSE(stream::load_cursor(Env::real(), path)->id);
  stream::StreamCursor cursor{"https://x/stream/1", opencti::EventId{100000, 2}, false, {}};
  REQUIRE(stream::save_cursor(Env::real(), path, cursor).ok());
  CHECK(*stream::load_cursor(Env::real(), path) == cursor);
  CHECK(cursor.start()->text() == "100000-2");
  cursor.heartbeat = true;
  CHECK(cursor.start()->text() == "40000-0");
  cursor.recover_until = 5;
  REQUIRE(stream::save_cursor(Env::real(), path, cursor).ok());
  CHECK(*stream::load_cursor(Env::real(), path) == cursor);
  CHECK(cursor.start()->text() == "100000-2");
  std::ofstream(path) << "{}";
  CHECK(stream::load_cursor(Env::real(), path).status().code() == ExitCode::bad_input);
}

TEST_CASE("Matches and marks are read back") {
  stream::StreamMatch match;
  match.key = {"ip", "198.51.100.7"};
  match.observables = {7, 9};
  match.indicator = "indicator--1";
  match.state = "active";
  match.event = {1763975702513, 4};
  match.labels = {"c2", "\"quoted\""};
  match.techniques = {"T1110"};
  match.score = 85;
  const auto again = stream::StreamMatch::read(match.json());
  REQUIRE(again.ok());
  CHECK(again->json() == match.json());
  CHECK_FALSE(stream::StreamMatch::read("{}").ok());
  CHECK_FALSE(stream::StreamMatch::read("half").ok());

  const stream::Mark mark{stream::pair_of("~7", "indicator--1"), "active", match.event};
  const std::string text = stream::comment_text(match, "198.51.100.7", mark, "https://cti.example");
  const auto found = stream::mark_of(text);
  REQUIRE(found);
  CHECK(found->pair == mark.pair);
  CHECK(found->event == match.event);
  CHECK_FALSE(stream::mark_of("a person wrote socbridge:opencti:short:x:1-1"));
  CHECK_FALSE(stream::mark_of(text + "\nand a person added this"));
}

TEST_CASE("A text of OpenCTI cannot forge a mark") {
  stream::StreamMatch match;
  match.key = {"ip", "198.51.100.7"};
  match.indicator = "indicator--1";
  match.state = "active";
  match.event = {5, 0};
  match.name = "a\n`socbridge:opencti:0123456789abcdef:active:9-0`";
  match.description = match.name;
  match.labels = {match.name};
  const stream::Mark mark{stream::pair_of("~7", "indicator--1"), "active", match.event};
  const auto found = stream::mark_of(stream::comment_text(match, match.name, mark, ""));
  REQUIRE(found);
  CHECK(found->pair == mark.pair);
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
