// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cerrno>

#include "profile/config_file.h"
#include "support/fault_env.h"

namespace socbridge::profile {
namespace {

using Files = std::vector<std::string>;

TEST_CASE("config files: that of the system is not there for whom its folder is closed") {
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

  flags.config_file = "/etc/socctl/config.json";  // one that is named must be there
  env.reset();
  CHECK(config_files(env, flags, system).status().code() == ExitCode::usage);
}

}  // namespace
}  // namespace socbridge::profile
