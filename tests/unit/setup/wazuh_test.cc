// SPDX-License-Identifier: Apache-2.0
#include "setup/wazuh.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/skip.h"
#include "support/temp_dir.h"

using namespace socbridge;
using setup::Step;
using setup::StepState;

namespace {

constexpr uid_t kUser = 54321;  // without a name
constexpr const char* kConf = "<ossec_config>\n</ossec_config>\n";

// A home whose top folder its user's group may write, and a folder of root.
struct Home : test::TempDir {
  Home() {
    if (::geteuid() != 0) return;
    REQUIRE(::chmod(path().c_str(), 0755) == 0);
    for (const char* name : {"home", "home/etc", "home/integrations", "home/queue", "target"}) {
      folder(name, 0755);
    }
    write("home/etc/ossec.conf", kConf);
    for (const char* name : {"home/etc", "home/etc/ossec.conf"}) own(name);
    REQUIRE(::chown((*this / "home").c_str(), 0, kUser) == 0);
    REQUIRE(::chmod((*this / "home").c_str(), 02770) == 0);
    setup.home = *this / "home";
    setup.user = {{}, kUser, kUser};
    setup.block.hook_url = "https://thehive.example:9000";
    setup.key = Secret("k3y-0123456789");
    setup.executable = "executable";
  }

  void own(const std::string& name) const {
    REQUIRE(::lchown((*this / name).c_str(), kUser, kUser) == 0);
  }

  // Actions of the home's user while root works.
  void exchange(const std::string& name) const {
    const std::string place = setup.home + "/" + name;
    REQUIRE(::rename(place.c_str(), (place + ".old").c_str()) == 0);
    REQUIRE(::symlink((*this / "target").c_str(), place.c_str()) == 0);
    own("home/" + name);
  }

  Step only(const char* name) {
    setup.only = {name};
    auto steps = setup::plan_wazuh(Env::real(), setup);
    REQUIRE(steps.size() == 1);
    return std::move(steps.front());
  }

  std::size_t in_target() const { return Env::real().list_dir(*this / "target")->size(); }

  setup::WazuhSetup setup;
};

}  // namespace

TEST_CASE("a folder that the home's user exchanges after the plan leads root nowhere") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Home home;
  const auto& [step, folder] = GENERATE(table<const char*, const char*>(
      {{"executable", "integrations"}, {"spool", "queue"}, {"key", "etc"}, {"block", "etc"}}));
  if (std::string(folder) == "etc") home.write("target/ossec.conf", kConf);
  const std::size_t before = home.in_target();
  const Step planned = home.only(step);
  REQUIRE(planned.state == StepState::missing);
  home.exchange(folder);
  const Status done = planned.action();
  CHECK(done.code() == ExitCode::usage);
  CHECK_THAT(done.message(),
             Catch::Contains(home.setup.home + "/" + folder + " is a link of user"));
  CHECK(home.in_target() == before);
}

TEST_CASE("an ossec.conf that changed since the plan is not changed") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Home home;
  const Step planned = home.only("block");
  SECTION("unchanged") {
    CHECK(planned.action().ok());
    CHECK_THAT(home.read("home/etc/ossec.conf"), Catch::StartsWith(kConf));
    CHECK(home.read("home/etc/ossec.conf.before-w2thive") == kConf);
  }
  SECTION("changed") {
    home.write("home/etc/ossec.conf", "<ossec_config></ossec_config>\n");
    CHECK_THAT(planned.action().line(), Catch::Contains("was changed meanwhile"));
    CHECK(home.read("home/etc/ossec.conf") == "<ossec_config></ossec_config>\n");
    CHECK_FALSE(home.has("home/etc/ossec.conf.before-w2thive"));
  }
}
