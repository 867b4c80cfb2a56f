// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/runner_config.h"

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::health::job_runner {
namespace {

struct Fixture : socbridge::test::TempDir {
  Fixture() { system.system_config = "/nonexistent"; }
  Result<JobRunnerConfig> read(const std::string& config) {
    flags.config_file = write("config.json", config);
    return read_job_runner_config(Env::real(), flags, system);
  }
  profile::Flags flags;
  profile::SystemPaths system;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "job runner configuration: nothing is configured") {
  const auto none = read_job_runner_config(Env::real(), flags, system);
  REQUIRE(none.ok());
  CHECK(none->directory.empty());
  CHECK_FALSE(none->names_kubernetes());
  CHECK(read("{}")->directory.empty());
  CHECK(read(R"({"jobs":{}})")->directory.empty());
}

TEST_CASE_METHOD(Fixture, "job runner configuration: the section jobs, and variables before it") {
  const char* const config =
      R"({"jobs":{"directory":"/opt/jobs","namespace":"cortex","service_account":"a:b",
          "kubeconfig":"/etc/k"}})";
  const auto section = read(config);
  REQUIRE(section.ok());
  CHECK(section->directory == "/opt/jobs");
  CHECK(section->space == "cortex");
  CHECK(section->service_account == "a:b");
  CHECK(section->kubeconfig == "/etc/k");
  system.environment = {{"SOCCTL_JOBS_DIRECTORY", "/mnt"},
                        {"SOCCTL_JOBS_NAMESPACE", "soc"},
                        {"SOCCTL_JOBS_SERVICE_ACCOUNT", ""},
                        {"SOCCTL_JOBS_KUBECONFIG", "/root/k"}};
  const auto mixed = read(config);
  REQUIRE(mixed.ok());
  CHECK(mixed->directory == "/mnt");
  CHECK(mixed->space == "soc");
  CHECK(mixed->service_account == "a:b");  // an empty variable is none
  CHECK(mixed->kubeconfig == "/root/k");
}

TEST_CASE_METHOD(Fixture,
                 "job runner configuration: each of three says namespace of Cortex's jobs") {
  CHECK_FALSE(read(R"({"jobs":{"directory":"/opt/jobs"}})")->names_kubernetes());
  for (const char* key : {"namespace", "service_account", "kubeconfig"}) {
    CHECK(read(R"({"jobs":{")" + std::string(key) + R"(":"x"}})")->names_kubernetes());
  }
}

TEST_CASE_METHOD(Fixture,
                 "job runner configuration: mistakes have their place and the nearest key") {
  const auto why = [&](const std::string& config) {
    const auto wrong = read(config);
    REQUIRE_FALSE(wrong.ok());
    CHECK(wrong.status().code() == ExitCode::usage);
    return wrong.status().line();
  };
  const std::string misspelt = why("{\n  \"jobs\": {\"directry\": \"/x\"}}");
  CHECK(misspelt.find("config.json:2:12: ") != std::string::npos);
  CHECK(misspelt.ends_with("did you mean \"directory\"?"));
  CHECK(why(R"({"jobs":{"directory":5}})").find("directory") != std::string::npos);
  CHECK(why(R"({"jobs":[]})").find("jobs") != std::string::npos);
  CHECK(why("{").find("config.json") != std::string::npos);
  flags.config_file = "/no/such/config.json";
  CHECK(read_job_runner_config(Env::real(), flags, system).status().code() == ExitCode::usage);
}

}  // namespace socbridge::health::job_runner
