// SPDX-License-Identifier: Apache-2.0
#include "cortex/journal.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support/temp_dir.h"

using namespace socbridge;
using cortex::Journal;

namespace {

struct File : test::TempDir {
  std::string path() const { return *this / "state"; }
  std::string text() const { return read("state"); }
  void write(const std::string& text) const { TempDir::write("state", text); }
};

Journal open(const File& file) {
  auto journal = Journal::open(Env::real(), file.path(), "http://c");
  REQUIRE(journal.ok());
  return std::move(*journal);
}

void fill(const File& file) {
  Journal journal = open(file);
  REQUIRE(journal.tried({"a", "b", "c", "d"}, 7).ok());
  journal.started("a", "J1", true);
  journal.refused("b", "no \"way\"");
  journal.freed("c");
  REQUIRE(journal.sync().ok());
}

}  // namespace

TEST_CASE("journal: a batch continues where it ended") {
  File file;
  fill(file);
  const std::string before = file.text();
  const Journal journal = open(file);
  CHECK(journal.batch().size() == 16);
  CHECK(before.find(journal.batch()) != std::string::npos);
  CHECK(journal.at("a").state == Journal::State::started);
  CHECK(journal.at("a").job == "J1");
  CHECK(journal.at("a").cached);
  CHECK(journal.at("b").state == Journal::State::refused);
  CHECK(journal.at("b").reason == "no \"way\"");
  CHECK(journal.at("c").state == Journal::State::fresh);
  CHECK(journal.at("d").state == Journal::State::tried);
  CHECK(journal.at("d").tried_at == 7);
  CHECK(journal.at("e").state == Journal::State::fresh);
}

TEST_CASE("truncated at any byte, no synced attempt is treated as new") {
  File file;
  fill(file);
  const std::string whole = file.text();
  const std::size_t tried_end = whole.find('\n', whole.find("\"try\"")) + 1;
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    file.write(whole.substr(0, cut));
    Journal journal = open(file);
    if (cut >= tried_end) CHECK(journal.at("d").state == Journal::State::tried);
    REQUIRE(journal.tried({"z"}, 9).ok());
    const std::string batch = journal.batch();
    { const Journal gone = std::move(journal); }
    const Journal again = open(file);
    CHECK(again.batch() == batch);
    CHECK(again.at("z").state == Journal::State::tried);
  }
}

TEST_CASE("a file is used by one at a time, for one Cortex, and is not a list of observables") {
  File file;
  {
    const Journal first = open(file);
    CHECK(Journal::open(Env::real(), file.path(), "http://c").status().code() == ExitCode::failure);
  }
  CHECK(Journal::open(Env::real(), file.path(), "http://other").status().code() == ExitCode::usage);
  const std::string list = "203.0.113.7\nexample.org\n";
  file.write(list);
  CHECK(Journal::open(Env::real(), file.path(), "http://c").status().code() == ExitCode::usage);
  CHECK(file.text() == list);
}

TEST_CASE("without a file nothing is kept, and batches differ") {
  auto one = Journal::open(Env::real(), "", "http://c");
  auto two = Journal::open(Env::real(), "", "http://c");
  REQUIRE(one.ok());
  REQUIRE(two.ok());
  CHECK(one->batch() != two->batch());
  CHECK(one->tried({"a"}, 1).ok());
  CHECK(one->at("a").state == Journal::State::tried);
}
