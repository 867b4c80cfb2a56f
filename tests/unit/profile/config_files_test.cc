// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cerrno>

#include "profile/config_file.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

namespace socbridge::profile {
namespace {

using Files = std::vector<std::string>;

TEST_CASE(
    "config files: the system's file does not exist for a user who may not enter its folder") {
  FaultEnv env;
  Flags flags;
  SystemPaths system;
  system.system_config = "/etc/socctl/config.json";
  system.environment = {{"HOME", "/home/one"}};
  const std::string own = "/home/one/.config/socctl/config.json";
  CHECK(*config_files(env, flags, system) == Files{own, "/etc/socctl/config.json"});

  env.fail_errno = EACCES;
  env.reset();
  env.fail_at = 1;
  CHECK(*config_files(env, flags, system) == Files{own});

  flags.config_file = "/etc/socctl/config.json";  // a named file must exist
  env.reset();
  CHECK(config_files(env, flags, system).status().code() == ExitCode::usage);
}

std::string error_of(const std::string& text) {
  const test::TempDir dir;
  const std::string path = dir.write("config.json", text);
  const auto values = read_config_file(Env::real(), path, "thehive");
  return values.ok() ? "" : values.status().line().substr(path.size());
}

TEST_CASE("config file: invalid JSON has a position, as in w2thive.json") {
  CHECK(error_of("{\n \"thehive\": }") == ":2:13: not JSON: this is not a JSON value");
  CHECK(error_of("[]") == ":1:1: the text must be one JSON object { … }");
}

TEST_CASE("config file: a path that is not a file is named once, with a complete hint") {
  const test::TempDir dir;
  const auto values = read_config_file(Env::real(), dir.path(), "thehive");
  REQUIRE_FALSE(values.ok());
  const std::string line = values.status().line();
  CHECK(line.find(dir.path()) == line.rfind(dir.path()));
  CHECK_FALSE(values.status().hint().starts_with(","));
}

TEST_CASE("config file: the values of the selected product must be consistent") {
  CHECK(error_of(R"({"thehive": {"key": "k", "key_file": "f"}})") ==
        ":1:26: thehive.key_file cannot be combined with key; remove one of them");
  CHECK(error_of(R"({"thehive": {"pinned_key": "zz"}})")
            .starts_with(":1:14: thehive.pinned_key must be sha256//BASE64"));
  CHECK(error_of(R"({"thehive": {"key": "", "key_file": "f", "pinned_key": ""}})").empty());
  CHECK(error_of(R"({"cortex": {"key": "k", "key_file": "f", "pinned_key": "zz"}})").empty());
}

}  // namespace
}  // namespace socbridge::profile
