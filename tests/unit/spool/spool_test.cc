// SPDX-License-Identifier: Apache-2.0
#include "spool/spool.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <set>

#include "support/fake_clock.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::Entry;
using spool::Spool;
using spool::State;

namespace {

Entry example() {
  Entry e;
  e.integration = "custom-w2thive";
  e.accepted_ms = 1741938001037;
  e.alert = std::string("{\"a\":\"\0\xFF\n\"}", 12);
  return e;
}

}  // namespace

TEST_CASE("spool: an entry is read back byte for byte") {
  Entry e = example();
  e.hook_url = "https://thehive.example:9000/thehive";
  e.options = "{\"a\":\"\\u0000 \\\" \n\"}";
  const auto back = spool::decode(spool::encode(e));
  REQUIRE(back.ok());
  CHECK(back->alert == e.alert);
  CHECK(back->options == e.options);
  CHECK(back->hook_url == e.hook_url);
  CHECK(back->accepted_ms == e.accepted_ms);
  e.alert.clear();
  CHECK(spool::decode(spool::encode(e)).ok());
}

TEST_CASE("an entry truncated anywhere, or with any byte changed, is damaged") {
  const std::string whole = spool::encode(example());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(spool::decode(std::string_view(whole).substr(0, size)).status().code() ==
          ExitCode::bad_input);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char flip : {'\x01', '\x20', '\x80'}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      CHECK_FALSE(spool::decode(changed).ok());
    }
  }
  CHECK_FALSE(spool::decode(whole + "\n").ok());
  CHECK_FALSE(spool::decode(whole + whole).ok());
}

TEST_CASE("accept, list, claim, load and remove on a real disk") {
  const test::TempDir folder;
  const std::string dir = folder / "made/on/the/way";
  auto spool = Spool::open(Env::real(), dir);
  REQUIRE(spool.ok());
  CHECK((Env::real().stat(dir)->mode & 07777) == 0700);
  std::string id;
  {
    auto claim = spool->accept(example());
    REQUIRE(claim.ok());
    id = claim->id();
    CHECK((Env::real().stat(dir + "/queue/" + id + ".alert")->mode & 07777) == 0400);
    // The accepting process holds the claim.
    auto other = Spool::open(Env::real(), dir);
    CHECK_FALSE(other->claim(State::queue, id).value().has_value());
  }
  REQUIRE(spool->list(State::queue)->size() == 1);
  auto claim = spool->claim(State::queue, id);
  REQUIRE(claim.value().has_value());
  CHECK(spool->load(**claim)->alert == example().alert);
  CHECK(spool->remove(std::move(**claim)).ok());
  CHECK(spool->list(State::queue)->empty());
  CHECK_FALSE(spool->claim(State::queue, id).value().has_value());
}

TEST_CASE("spool: a claim ends with its process") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  auto spool = Spool::open(Env::real(), dir);
  const std::string id = spool->accept(example())->id();
  int pipe_fds[2];
  REQUIRE(pipe(pipe_fds) == 0);
  const pid_t child = fork();
  if (child == 0) {
    auto mine = Spool::open(Env::real(), dir);
    auto claim = mine->claim(State::queue, id);
    const char answer = claim.ok() && claim->has_value() ? 'y' : 'n';
    if (write(pipe_fds[1], &answer, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char answer = 0;
  REQUIRE(read(pipe_fds[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  CHECK_FALSE(spool->claim(State::queue, id).value().has_value());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(spool->claim(State::queue, id).value().has_value());
  close(pipe_fds[0]);
  close(pipe_fds[1]);
}

TEST_CASE("postponed entries keep their reason and their time") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder.path());
  auto accepted = spool->accept(example());
  const std::string id = accepted->id();
  CHECK(
      spool->postpone(std::move(*accepted), {5, 2, 503, "retry", "HTTP 503"}, 1741939999000).ok());
  const auto list = spool->list(State::queue);
  REQUIRE(list->size() == 1);
  CHECK(list->front().next_attempt_ms == 1741939999000);
  const auto reason = spool->reason(State::queue, id);
  REQUIRE(reason);
  CHECK(reason->attempts == 2);
  CHECK(reason->http_status == 503);
  CHECK(reason->kind == "retry");
  CHECK(reason->message == "HTTP 503");
}

TEST_CASE("ids are never the same and sort by time") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder.path());
  std::set<std::string> ids;
  Entry e = example();
  for (int i = 0; i < 50; ++i) {
    e.accepted_ms += i % 2;
    ids.insert(spool->accept(e)->id());
  }
  CHECK(ids.size() == 50);
  const auto list = spool->list(State::queue);
  CHECK(std::is_sorted(list->begin(), list->end(), [](auto& a, auto& b) { return a.id < b.id; }));
}

TEST_CASE("spool: an id is never a path") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder.path());
  for (const char* id : {"", "..", "../dead/x", "1741938001037-0123456789abcdeg", "/etc/passwd"}) {
    CHECK(spool->claim(State::queue, id).status().code() == ExitCode::usage);
  }
}

TEST_CASE("a spool that others may write, or that is not a folder, is refused with the remedy") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  chmod(dir.c_str(), 0777);
  const auto open_to_all = Spool::open(Env::real(), dir);
  CHECK(open_to_all.status().line().find("chmod 0700") != std::string::npos);
  REQUIRE(Env::real().create_new(dir + "/file", 0600).ok());
  CHECK(Spool::open(Env::real(), dir + "/file").status().message().find("not a folder") !=
        std::string::npos);
  CHECK_FALSE(Spool::open(Env::real(), "/proc/no-spool-here").ok());
}

TEST_CASE("an entry's mode shows that it never had a reason, until the first reason") {
  const test::TempDir folder;
  const std::string& home = folder.path();
  auto opened = Spool::open(Env::real(), home + "/s");
  REQUIRE(opened.ok());
  const auto mode = [&](State state, const std::string& id) {
    return Env::real().stat(opened->entry_path(state, id))->mode & 07777U;
  };
  const auto take = [&](State state, const std::string& id) {
    auto claim = opened->claim(state, id);
    REQUIRE(claim.ok());
    return std::move(**claim);
  };
  spool::Reason why;
  why.attempts = 3;
  const std::string postponed = opened->accept(example())->id();
  const std::string moved = opened->accept(example())->id();
  CHECK(mode(State::queue, postponed) == 0400);
  {
    auto claim = opened->claim(State::queue, postponed);
    REQUIRE(claim.ok());
    CHECK_FALSE(opened->reason(**claim).has_value());
    REQUIRE(opened->postpone(std::move(**claim), why, 1741938005000).ok());
  }
  CHECK(mode(State::queue, postponed) == 0600);
  auto claim = opened->claim(State::queue, postponed);
  REQUIRE(claim.ok());
  CHECK(opened->reason(**claim)->attempts == 3);
  REQUIRE(opened->remove(std::move(**claim)).ok());
  CHECK_FALSE(opened->reason(State::queue, postponed).has_value());

  // Also one that returns from another state.
  REQUIRE(opened->move(take(State::queue, moved), State::dead, why).ok());
  CHECK(mode(State::dead, moved) == 0600);
  why.attempts = 4;
  REQUIRE(opened->move(take(State::dead, moved), State::queue, why).ok());
  auto again = opened->claim(State::queue, moved);
  REQUIRE(again.ok());
  CHECK(opened->reason(**again)->attempts == 4);
}

TEST_CASE("a reason beside an entry of an older version, or put there by hand, is found") {
  const test::TempDir folder;
  const std::string& home = folder.path();
  auto opened = Spool::open(Env::real(), home + "/s");
  REQUIRE(opened.ok());
  const std::string id = opened->accept(example())->id();
  const std::string file = opened->entry_path(State::queue, id);
  REQUIRE(::chmod(file.c_str(), 0600) == 0);
  const auto fd = Env::real().create_new(home + "/s/queue/" + id + ".reason", 0600);
  REQUIRE(fd.ok());
  REQUIRE(Env::real().write_all(fd->get(), R"({"attempts":7})").ok());
  auto claim = opened->claim(State::queue, id);
  REQUIRE(claim.ok());
  CHECK(opened->reason(**claim)->attempts == 7);
}

TEST_CASE("inspecting creates nothing: a spool without its folders is an empty one") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  CHECK(Spool::open_read_only(Env::real(), dir + "/none").status().sys_errno() == ENOENT);
  auto spool = Spool::open_read_only(Env::real(), dir);
  REQUIRE(spool.ok());
  for (const State state : {State::queue, State::hold, State::dead, State::corrupt}) {
    CHECK(spool->list(state).value().empty());
  }
  CHECK(Env::real().list_dir(dir).value().empty());
}

TEST_CASE("a link in place of a folder or a file of the spool is not followed") {
  const test::TempDir folder, another;
  const std::string &dir = folder.path(), &other = another.path();
  auto spool = Spool::open(Env::real(), dir);
  REQUIRE(spool.ok());
  std::string name;
  SECTION("tmp") { name = "tmp"; }
  SECTION("queue") { name = "queue"; }
  SECTION("state") { name = "state"; }
  if (name.empty()) return;
  REQUIRE(::rmdir((dir + "/" + name).c_str()) == 0);
  REQUIRE(::symlink(other.c_str(), (dir + "/" + name).c_str()) == 0);
  auto again = Spool::open(Env::real(), dir);
  if (again.ok()) {
    static_cast<void>(again->admit(100, {10, 1000000, 1}, 1741938001037));
    static_cast<void>(again->accept(example()));
  }
  CHECK(Env::real().list_dir(other).value().empty());
}

TEST_CASE("each cause of failing calls is reported once, and again after it worked") {
  FakeClock clock;
  const test::TempDir folder;
  const std::string& dir = folder.path();
  auto spool = Spool::open(Env::real(), dir);
  REQUIRE(spool.ok());
  std::vector<std::string> lines;
  spool->failures().set_report(
      [&](spool::CallFailures::Event, const std::string& line) { lines.push_back(line); });
  const auto look = [&] {
    static_cast<void>(spool->for_each(State::queue, [](auto) { return true; }));
  };
  for (int round = 1; round <= 2; ++round) {
    REQUIRE(::rmdir((dir + "/queue").c_str()) == 0);
    REQUIRE(::mkfifo((dir + "/queue").c_str(), 0600) == 0);
    clock.advance_ms(1100);  // the folder's data may be this old
    look();
    look();
    look();
    REQUIRE(lines.size() == (round == 1 ? 1U : 3U));
    CHECK_THAT(lines.back(), Catch::Contains("queue: it is a FIFO, not a folder"));
    REQUIRE(::unlink((dir + "/queue").c_str()) == 0);
    REQUIRE(::mkdir((dir + "/queue").c_str(), 0700) == 0);
    look();
    REQUIRE(lines.size() == (round == 1 ? 2U : 4U));
    CHECK_THAT(lines.back(), Catch::Contains("can be used again"));
  }
  CHECK(spool->failures().count() == 6);
}
