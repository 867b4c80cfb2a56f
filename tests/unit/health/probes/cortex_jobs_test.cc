// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <catch2/catch.hpp>

#include <cstdlib>

#include "health/probes/cortex.h"
#include "health/read_only_env.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

Result<std::int64_t> nfs(const std::string&) { return std::int64_t{0x6969}; }
Result<std::int64_t> ext4(const std::string&) { return std::int64_t{0xEF53}; }
Result<std::int64_t> gone(const std::string&) {
  return Status::error(ExitCode::failure, "statfs: Stale file handle");
}

struct Folder : test::TempDir {
  Folder() { REQUIRE(chmod(path().c_str(), 0755) == 0); }
};

Check look(const std::string& directory, const health::job_runner::FileSystemOf& type) {
  Options options;
  options.system.system_config = "/nonexistent";
  if (!directory.empty()) options.system.environment = {{"SOCCTL_JOBS_DIRECTORY", directory}};
  ReadOnlyEnv env(Env::real());
  Probe probe(env, options, std::nullopt, {"cortex", "Cortex"}, Deadline::after_ms(1000));
  check_job_runner_config(probe, type);
  for (const Check& check : probe.report().checks) {
    if (check.name == "job folder") return check;
  }
  FAIL("no check of the folder");
  return {};
}

}  // namespace

TEST_CASE("the folder of Cortex's jobs, each way it can be") {
  const Folder folder;
  struct Row {
    const char* what;
    std::string directory;
    health::job_runner::FileSystemOf type;
    mode_t mode;
    State state;
    Cause cause;
    const char* reason;
  };
  const Row rows[] = {
      {"well", folder.path(), nfs, 0755, State::ok, Cause::none, "is on NFS"},
      {"not configured", "", nfs, 0755, State::skipped, Cause::none, "fail silently"},
      {"not there", "/no/such/folder", nfs, 0755, State::unknown, Cause::configuration,
       "is not there"},
      {"not NFS", folder.path(), ext4, 0755, State::down, Cause::reported_error,
       "is on ext4, not on NFS: without a shared NFS job directory analyzer jobs fail silently"},
      {"stale", folder.path(), gone, 0755, State::down, Cause::reported_error, "Stale file handle"},
      {"closed to analyzers", folder.path(), nfs, 0700, State::degraded, Cause::reported_error,
       "only accessible to its owner"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    chmod(folder.path().c_str(), row.mode);
    const Check check = look(row.directory, row.type);
    CHECK(check.state == row.state);
    CHECK(check.cause == row.cause);
    CHECK(check.detail.find(row.reason) != std::string::npos);
    CHECK(check.next.empty() == (row.state == State::ok));
  }
  CHECK(Env::real().list_dir(folder.path())->empty());
}

}  // namespace socbridge::health
