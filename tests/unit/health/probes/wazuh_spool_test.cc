// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <filesystem>

#include "health/probes/wazuh.h"
#include "probed.h"
#include "spool/spool.h"
#include "support/fake_clock.h"
#include "support/spool_fixture.h"

namespace socbridge::health {
namespace {

using socbridge::test::sample_alert;

constexpr std::int64_t kMinute = 60000;

struct Fixture : socbridge::test::TempDir {
  Fixture() { folder("queue"); }
  std::string dir() const { return *this / "queue/w2thive"; }
  spool::Spool open() const { return spool::Spool::open(Env::real(), dir()).value(); }
  // The report of now.
  Report look() const {
    Options options = test::nothing_here();
    options.wazuh_home = path();
    integration::Settings settings;
    settings.spool_dir = dir();
    Probe probe(Env::real(), options, std::nullopt, {"wazuh", "Wazuh"}, Deadline::after_ms(9000));
    check_spool(probe, settings, "spool");
    return std::move(probe.report());
  }
  std::string said(std::string_view check) const { return test::said(look(), check); }
};

spool::Claim accept(spool::Spool& spool) {
  return spool.accept({"custom-w2thive", "", "", wall_now_ms(), sample_alert()}).value();
}

}  // namespace

TEST_CASE("spool check: one that is to come, and one that is empty") {
  const Fixture home;
  CHECK(home.said("spool") == "ok: " + home.dir() + ", no alerts yet");
  CHECK(home.look().checks.size() == 1);
  CHECK_FALSE(home.has("queue/w2thive"));
  home.open();
  const Report report = home.look();
  CHECK(report.state() == State::ok);
  CHECK(test::said(report, "spool") == "ok: " + home.dir());
  for (const char* state : {"queue", "hold", "dead", "corrupt"}) {
    CHECK(test::said(report, std::string("spool ") + state) == "ok: empty");
  }
  CHECK(test::said(report, "spool counts").empty());
}

TEST_CASE("spool check: alerts that wait too long are stale, with the reason of the oldest") {
  FakeClock clock;
  const Fixture home;
  spool::Spool spool = home.open();
  spool::Reason reason;
  reason.message = "TheHive: HTTP 503";
  REQUIRE(spool.postpone(accept(spool), reason, wall_now_ms() + kMinute).ok());
  clock.advance_ms(9 * kMinute);
  { const spool::Claim younger = accept(spool); }
  CHECK(home.said("spool queue") == "ok: 2 alerts waiting, the oldest for 9 minutes");
  clock.advance_ms(2 * kMinute);
  CHECK(home.said("spool queue") ==
        "degraded stale: 2 alerts waiting, the oldest for 11 minutes: TheHive: HTTP 503");
  clock.jump_ms(-60 * kMinute);  // the system's clock was set back
  CHECK(home.said("spool queue") == "ok: 2 alerts waiting, the oldest for 0 ms");
}

TEST_CASE("spool check: what was set aside, refused or damaged is degraded, with its cure") {
  FakeClock clock;
  const Fixture home;
  spool::Spool spool = home.open();
  for (const auto state : {spool::State::hold, spool::State::dead, spool::State::corrupt}) {
    REQUIRE(spool.move(accept(spool), state, {}).ok());
  }
  REQUIRE(spool.move(accept(spool), spool::State::dead, {}).ok());
  clock.advance_ms(3 * kMinute);
  const Report report = home.look();
  CHECK(test::said(report, "spool hold") ==
        "degraded reported_error: 1 alert set aside, the oldest 3 minutes ago");
  CHECK(test::said(report, "spool dead") ==
        "degraded reported_error: 2 alerts refused by TheHive, the oldest 3 minutes ago");
  CHECK(test::said(report, "spool corrupt") ==
        "degraded reported_error: 1 alert damaged, or not an alert, the oldest 3 minutes ago");
  CHECK(test::next_of(report, "spool hold").find("queue release") != std::string::npos);
  CHECK(test::next_of(report, "spool dead").find("queue requeue") != std::string::npos);
}

TEST_CASE("spool check: what became of alerts so far") {
  const Fixture home;
  spool::Spool spool = home.open();
  REQUIRE(spool.remove(accept(spool), spool::Counted::created).ok());
  REQUIRE(spool.remove(accept(spool), spool::Counted::created).ok());
  REQUIRE(spool.move(accept(spool), spool::State::dead, {}, spool::Counted::refused).ok());
  CHECK(home.said("spool counts") == "ok: so far 2 created, 1 refused");
}

TEST_CASE("spool check: what stops alerts is down, and said once") {
  const Fixture home;
  home.write("queue/w2thive", "a file in its place");
  const Report file = home.look();
  CHECK(file.checks.size() == 1);
  CHECK(test::said(file, "spool").starts_with("down configuration: "));
  CHECK_FALSE(test::next_of(file, "spool").empty());

  const Fixture gone;
  gone.open();
  std::filesystem::remove(gone / "queue/w2thive/dead");
  CHECK(gone.said("spool").starts_with("down missing: "));

  const Fixture link;
  link.open();
  std::filesystem::remove(link / "queue/w2thive/dead");
  std::filesystem::create_directory_symlink("/tmp", link / "queue/w2thive/dead");
  CHECK(link.said("spool").find("dead") != std::string::npos);
  CHECK(link.look().state() >= State::degraded);
}

}  // namespace socbridge::health
