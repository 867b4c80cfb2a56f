// SPDX-License-Identifier: Apache-2.0
#include "integration/spool_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>

#include "base/privileges.h"
#include "base/time.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace socbridge::integration {
namespace {

namespace fs = std::filesystem;
using Presence = spool::Inspection::Presence;
constexpr uid_t kOther = 65534;

// A spool of this process's user, without a Wazuh home.
struct Place : socbridge::test::TempDir {
  Place() {
    settings.spool_dir = *this / "w2thive";
    REQUIRE(spool::Spool::open(Env::real(), settings.spool_dir).ok());
  }
  std::string add() const {
    auto opened = spool::Spool::open(Env::real(), settings.spool_dir);
    spool::Entry entry;
    entry.accepted_ms = wall_now_ms();
    entry.alert = "{}";
    const auto claim = opened->accept(entry);
    REQUIRE(claim.ok());
    return "w2thive/queue/" + claim->id() + ".alert";
  }
  void set_mode(const std::string& name, mode_t mode) const {
    REQUIRE(::chmod((*this / name).c_str(), mode) == 0);
  }
  SpoolCheck check() const { return check_spool(Env::real(), *this / "none", settings); }
  Settings settings;
};

}  // namespace

TEST_CASE("spool check: nothing is found in a spool that is well") {
  const Place place;
  place.add();
  place.add();
  const SpoolCheck check = place.check();
  CHECK(check.findings.empty());
  CHECK(check.seen.presence == Presence::there);
  CHECK(check.seen.totals.entries == 2);
}

TEST_CASE("spool check: one defect has its path and its own cure") {
  const Place place;
  const std::string entry = place.add();
  place.set_mode(entry, 0644);
  const SpoolCheck check = place.check();
  REQUIRE(check.findings.size() == 1);
  const SpoolFinding& found = check.findings[0];
  CHECK(found.problem == "mode");
  CHECK_FALSE(found.stops);
  CHECK(found.detail == (place / entry) + ": its mode is 0644");
  CHECK(found.next.starts_with("run socctl queue fsck, or as "));
  CHECK(found.next.ends_with("chmod 0600 -- " + (place / entry)));
}

TEST_CASE("spool check: defects of one kind are one finding, with how many more there are") {
  const Place place;
  for (int i = 0; i < 4; ++i) place.set_mode(place.add(), 0644);
  const SpoolCheck check = place.check();
  REQUIRE(check.findings.size() == 1);
  CHECK(check.findings[0].detail.ends_with(": its mode is 0644 (and 3 more)"));
  CHECK(check.findings[0].next == "run socctl queue fsck as root: it lists and repairs them");
}

TEST_CASE("spool check: what stops deliveries comes first") {
  const Place place;
  place.set_mode(place.add(), 0644);
  fs::remove(place / "w2thive/hold");
  const SpoolCheck check = place.check();
  REQUIRE(check.findings.size() == 2);
  CHECK(check.findings[0].problem == "missing");
  CHECK(check.findings[0].stops);
  CHECK(check.findings[0].detail == (place / "w2thive/hold") + ": it does not exist");
  CHECK(check.findings[0].next == "run socctl queue fsck as root");
  CHECK(check.findings[1].problem == "mode");
}

TEST_CASE("spool check: a full spool has the cure of its bound, not that of a repair") {
  Place place;
  place.add();
  place.add();
  place.settings.bounds = {1, 1, 0};
  const SpoolCheck check = place.check();
  REQUIRE(check.findings.size() == 1);
  CHECK(check.findings[0].problem == "full");
  CHECK(check.findings[0].stops);
  CHECK_THAT(check.findings[0].next, !Catch::Contains("fsck"));
}

TEST_CASE("spool check: one that is to come is not a finding") {
  Place place;
  place.settings.spool_dir = place / "later";
  const SpoolCheck check = place.check();
  CHECK(check.findings.empty());
  CHECK(check.seen.presence == Presence::to_come);
}

TEST_CASE("spool user: without a home the owner of the folder, without a folder this user") {
  const Place place;
  const spool::Whose self = spool_user(Env::real(), place / "none", place / "none");
  CHECK(self.uid == ::geteuid());
  CHECK(self.name == user_label(::geteuid()));
  CHECK(self.home.empty());
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  REQUIRE(::chown(place.settings.spool_dir.c_str(), kOther, kOther) == 0);
  const spool::Whose owner = spool_user(Env::real(), place / "none", place.settings.spool_dir);
  CHECK(owner.uid == kOther);
  CHECK(owner.gid == kOther);
  CHECK(owner.name == user_label(kOther));
}

TEST_CASE(
    "spool user: that of the Wazuh home, whatever user has the folder; of root's home the owner") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  const Place place;
  const std::string home = place.folder("ossec", 0755);
  REQUIRE(::chown(place.settings.spool_dir.c_str(), kOther, kOther) == 0);
  place.folder("ossec/etc", 0755);
  CHECK(spool_user(Env::real(), home, place.settings.spool_dir).home.empty());
  CHECK(spool_user(Env::real(), home, place.settings.spool_dir).uid == kOther);
  REQUIRE(::chown(place.settings.spool_dir.c_str(), 0, 0) == 0);
  REQUIRE(::chown((home + "/etc").c_str(), kOther, kOther) == 0);
  const spool::Whose whose = spool_user(Env::real(), home, place.settings.spool_dir);
  CHECK(whose.uid == kOther);
  CHECK(whose.home == home);
}

}  // namespace socbridge::integration
