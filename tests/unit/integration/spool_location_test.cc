// SPDX-License-Identifier: Apache-2.0
#include "integration/spool_location.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "block_fixture.h"

namespace socbridge::integration {
namespace {

// Of this process, while it lives.
struct Fixture : test::Home {
  Fixture() {
    ::setenv("SOCBRIDGE_WAZUH_HOME", path().c_str(), 1);
  }                                                   // NOLINT(concurrency-mt-unsafe)
  ~Fixture() { ::unsetenv("SOCBRIDGE_WAZUH_HOME"); }  // NOLINT(concurrency-mt-unsafe)
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  std::string dir(const SpoolFlags& flags = {}) const {
    const auto found = find_spool(Env::real(), flags);
    INFO(found.status().line());
    REQUIRE(found.ok());
    return found->dir;
  }
  static Status refused(const SpoolFlags& flags = {}) {
    const auto found = find_spool(Env::real(), flags);
    REQUIRE_FALSE(found.ok());
    CHECK(found.status().code() == ExitCode::usage);
    return found.status();
  }
  static std::string with(const std::string& options) {
    return block("<api_key>k</api_key><options>" + options + "</options>");
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "by default it is below the Wazuh home") {
  const auto found = find_spool(Env::real(), {});
  REQUIRE(found.ok());
  CHECK(found->home == path());
  CHECK(found->dir == *this / "queue/w2thive");
  CHECK(found->config_file == *this / "etc/w2thive.json");
  CHECK(found->ossec_conf == conf_path());
}

TEST_CASE_METHOD(Fixture, "the configuration names it, the options of a block above that") {
  write("etc/w2thive.json", R"({"spool_dir":"/srv/a"})");
  CHECK(dir() == "/srv/a");
  conf(with("{}"));
  CHECK(dir() == "/srv/a");
  conf(with(R"({"spool_dir":"/srv/b"})"));
  CHECK(dir() == "/srv/b");
  conf(block("<options>{\"spool_dir\":\"/srv/c\"}</options>", "slack"));
  CHECK(dir() == "/srv/a");
}

TEST_CASE_METHOD(Fixture, "several blocks with one spool have one, with several a person decides") {
  conf(with("{}") + with(R"({"organisation":"b"})"));
  CHECK(dir() == *this / "queue/w2thive");
  conf(with(R"({"spool_dir":"/srv/b"})") + with(R"({"spool_dir":"/srv/a"})"));
  const Status several = refused();
  CHECK(several.line() == "there are several spools: /srv/a, /srv/b; name one with --spool");
  CHECK(dir({"/srv/mine", "", ""}) == "/srv/mine");
}

TEST_CASE_METHOD(Fixture, "a named file must exist") {
  CHECK_THAT(refused({"", *this / "none.json", ""}).message(), Catch::Contains("none.json"));
  CHECK_THAT(refused({"/srv/mine", "", *this / "none.conf"}).message(),
             Catch::Contains("none.conf"));
  const std::string other = write("other.json", R"({"spool_dir":"/srv/other"})");
  CHECK(dir({"", other, ""}) == "/srv/other");
}

TEST_CASE_METHOD(Fixture, "a broken configuration is an error, except if the spool is named") {
  write("etc/w2thive.json", "{");
  CHECK_THAT(refused().message(), Catch::Contains("w2thive.json"));
  CHECK(dir({"/srv/mine", "", ""}) == "/srv/mine");
  // An invalid ossec.conf names no spool.
  write("etc/w2thive.json", "{}");
  write("etc/ossec.conf", "<ossec_config>");
  CHECK(dir() == *this / "queue/w2thive");
}

TEST_CASE_METHOD(Fixture, "the user is not switched for our own spool, root's, or none") {
  CHECK(become_owner(Env::real(), path()).ok());
  CHECK(become_owner(Env::real(), *this / "none").ok());
  CHECK(become_owner(Env::real(), "/").ok());
}

}  // namespace socbridge::integration
