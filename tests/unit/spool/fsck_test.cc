// SPDX-License-Identifier: Apache-2.0
// Every defect of a spool, reported and repaired without losing an alert.
#include "spool/fsck.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/time.h"
#include "support/temp_dir.h"

namespace socbridge::spool {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kHourMs = 3600000;

struct Place {
  Place() {
    auto opened = Spool::open(Env::real(), dir);
    REQUIRE(opened.ok());
    spool = std::make_unique<Spool>(std::move(*opened));
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::string add(const std::string& alert = "{}") const {
    Entry entry;
    entry.accepted_ms = wall_now_ms();
    entry.alert = alert;
    const auto claim = spool->accept(entry);
    REQUIRE(claim.ok());
    return claim->id();
  }
  void write(const std::string& path, const std::string& text, std::int64_t age_ms = 0) const {
    const std::string file = dir + "/" + path;
    fs::remove(file);
    std::ofstream(file) << text;
    ::chmod(file.c_str(), 0600);
    const auto fd = Env::real().open_rw(file, 0600);
    REQUIRE(Env::real().set_mtime_ms(fd->get(), wall_now_ms() - age_ms).ok());
  }
  std::string read(const std::string& path) const {
    std::ifstream in(dir + "/" + path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool has(const std::string& path) const { return fs::exists(dir + "/" + path); }

  std::map<std::string, Defect> check(bool repair = true) const {
    std::map<std::string, Defect> found;
    FsckOptions options;
    options.repair = repair;
    const auto totals = fsck(Env::real(), *spool, options, wall_now_ms(), [&](const Defect& d) {
      CHECK(found.emplace(d.path + " " + d.problem, d).second);
    });
    REQUIRE(totals.ok());
    CHECK(totals->defects == found.size());
    return found;
  }

  test::TempDir folder;
  std::string dir = folder.path();
  std::unique_ptr<Spool> spool;
};

}  // namespace

TEST_CASE("a spool in use has no defects") {
  const Place place;
  place.add();
  const std::string id = place.add();
  auto claim = place.spool->claim(State::queue, id);
  Reason reason;
  reason.kind = "retry";
  REQUIRE(place.spool->postpone(std::move(**claim), reason, wall_now_ms() + kHourMs).ok());
  place.write("tmp/fresh.alert", "half");  // a process writes it now
  CHECK(place.check().empty());
  CHECK(place.has("tmp/fresh.alert"));
}

TEST_CASE("leftovers of crashes in tmp/ are removed, unless locked") {
  const Place place;
  place.write("tmp/old.alert", "half", 2 * kHourMs);
  place.write("tmp/locked.alert", "half", 2 * kHourMs);
  const auto locked = Env::real().open_read(place.dir + "/tmp/locked.alert");
  REQUIRE(Env::real().try_lock(locked->get()).ok());
  const auto found = place.check();
  REQUIRE(found.size() == 1);
  CHECK(found.at("tmp/old.alert stale").repaired);
  CHECK_FALSE(place.has("tmp/old.alert"));
  CHECK(place.has("tmp/locked.alert"));
}

TEST_CASE("with repair off everything is reported and nothing changes") {
  const Place place;
  const std::string id = place.add();
  place.write("queue/" + id + ".alert", "damaged");
  place.write("tmp/old.alert", "half", 2 * kHourMs);
  place.write("dead/0000000000001-0123456789abcdef.reason", "{}", kHourMs);
  const auto found = place.check(false);
  CHECK(found.size() == 3);
  for (const auto& [name, defect] : found) CHECK_FALSE(defect.repaired);
  CHECK(place.has("tmp/old.alert"));
  CHECK(place.has("queue/" + id + ".alert"));
  CHECK(place.has("dead/0000000000001-0123456789abcdef.reason"));
}

TEST_CASE("orphaned and invalid reasons are removed, entries stay") {
  const Place place;
  const std::string id = place.add();
  ::chmod((place.dir + "/queue/" + id + ".alert").c_str(), 0600);
  place.write("queue/" + id + ".reason", "no JSON", kHourMs);
  place.write("hold/0000000000001-0123456789abcdef.reason", "{}", kHourMs);
  place.write("hold/0000000000002-0123456789abcdef.reason", "{}");  // its entry may just come
  const auto found = place.check();
  CHECK(found.size() == 2);
  CHECK(found.at("queue/" + id + ".reason reason").repaired);
  CHECK(found.at("hold/0000000000001-0123456789abcdef.reason orphan").repaired);
  CHECK(place.has("queue/" + id + ".alert"));
  CHECK_FALSE(place.has("queue/" + id + ".reason"));
  CHECK(place.has("hold/0000000000002-0123456789abcdef.reason"));
}

TEST_CASE("damaged entries go to corrupt/ with a reason, but not while claimed") {
  const Place place;
  const std::string id = place.add("{\"a\":1}");
  const std::string whole = place.read("queue/" + id + ".alert");
  place.write("queue/" + id + ".alert", whole.substr(0, whole.size() - 1));
  {
    const auto claim = place.spool->claim(State::queue, id);
    REQUIRE(claim->has_value());
    CHECK(place.check().empty());
  }
  const auto found = place.check();
  REQUIRE(found.size() == 1);
  CHECK(found.begin()->second.repaired);
  CHECK(place.has("corrupt/" + id + ".alert"));
  CHECK_FALSE(place.has("queue/" + id + ".alert"));
  const auto reason = place.spool->reason(State::corrupt, id);
  REQUIRE(reason.has_value());
  CHECK(reason->kind == "damaged");
  CHECK(place.check().empty());  // corrupt/ is the place for these
}

TEST_CASE("fsck: modes that are too wide are narrowed") {
  const Place place;
  const std::string id = place.add();
  ::chmod((place.dir + "/queue").c_str(), 0755);
  ::chmod((place.dir + "/queue/" + id + ".alert").c_str(), 0644);
  const auto found = place.check();
  CHECK(found.size() == 2);
  CHECK(found.at("queue mode").repaired);
  CHECK(found.at("queue/" + id + ".alert mode").action == "chmod 0600");
  CHECK((Env::real().stat(place.dir + "/queue/" + id + ".alert")->mode & 07777U) == 0600);
  CHECK((Env::real().stat(place.dir + "/queue")->mode & 07777U) == 0700);
}

TEST_CASE("a reason that the entry's mode hides is looked for again") {
  const Place place;
  const std::string id = place.add();
  place.write("queue/" + id + ".reason", R"({"attempts":2})", kHourMs);
  const auto found = place.check();
  REQUIRE(found.size() == 1);
  CHECK(found.at("queue/" + id + ".alert mode").repaired);
  auto claim = place.spool->claim(State::queue, id);
  REQUIRE(claim.ok());
  CHECK(place.spool->reason(**claim)->attempts == 2);
}

TEST_CASE("a complete entry under a wrong name is stored again, other files are only reported") {
  const Place place;
  const std::string id = place.add("{\"b\":2}");
  fs::rename(place.dir + "/queue/" + id + ".alert", place.dir + "/queue/copy of it.alert");
  place.write("queue/notes.txt", "buy milk");
  fs::create_directory(place.dir + "/queue/folder");
  const auto found = place.check();
  CHECK(found.size() == 3);
  CHECK(found.at("queue/copy of it.alert name").repaired);
  CHECK_FALSE(found.at("queue/notes.txt name").repaired);
  CHECK(place.has("queue/notes.txt"));
  CHECK_FALSE(place.has("queue/copy of it.alert"));
  const auto entries = place.spool->list(State::queue);
  REQUIRE(entries->size() == 1);
  auto claim = place.spool->claim(State::queue, entries->front().id);
  CHECK(place.spool->load(**claim)->alert == "{\"b\":2}");
}

TEST_CASE("a missing folder is created, and anything else in its place is reported") {
  const Place place;
  fs::remove(place.dir + "/hold");
  const auto found = place.check();
  REQUIRE(found.size() == 1);
  CHECK(found.at("hold missing").repaired);
  CHECK(place.has("hold"));
}

}  // namespace socbridge::spool
