// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/job_folder.h"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include <cstdlib>

#include "support/temp_dir.h"

using namespace socbridge;
using health::Check;
using health::State;

namespace {

struct Folder : test::TempDir {
  Folder() { REQUIRE(chmod(path().c_str(), 0755) == 0); }
};

Result<std::int64_t> nfs(const std::string&) { return std::int64_t{0x6969}; }
Result<std::int64_t> tmpfs(const std::string&) { return std::int64_t{0x01021994}; }

std::vector<Check> look(const std::string& folder, const health::job_runner::FileSystemOf& type,
                        health::job_runner::Mode mode = health::job_runner::Mode::write_test) {
  std::vector<Check> out;
  health::job_runner::check_job_folder(Env::real(), folder, type, mode,
                                       [&](Check f) { out.push_back(std::move(f)); });
  return out;
}

}  // namespace

TEST_CASE("a folder on NFS that works is well, and left as it was") {
  Folder folder;
  const auto found = look(folder.path(), nfs);
  REQUIRE(found.size() == 1);
  CHECK(found[0].state == State::ok);
  CHECK(Env::real().list_dir(folder.path())->empty());
}

TEST_CASE("a folder that is not on NFS fails with the reason") {
  Folder folder;
  const auto found = look(folder.path(), tmpfs);
  REQUIRE(found.size() == 1);
  CHECK(found[0].state == State::down);
  CHECK(found[0].detail.find("is on tmpfs, not on NFS: without a shared NFS job directory analyzer "
                             "jobs fail silently") != std::string::npos);
}

TEST_CASE("a folder that is closed to analyzers, or missing") {
  Folder folder;
  chmod(folder.path().c_str(), 0700);
  CHECK(look(folder.path(), nfs).at(0).state == State::degraded);
  CHECK(look("/no/such/folder", nfs).at(0).state == State::unknown);
  CHECK(look("/proc", nfs).at(0).state == State::down);  // nothing can be written there
  CHECK(health::job_runner::file_system_of("/proc").ok());
  CHECK(health::job_runner::file_system_name(0x9fa0) == "0x9fa0");
}

TEST_CASE("a job shows by its folder") {
  Folder folder;
  CHECK_FALSE(health::job_runner::shows_job(Env::real(), folder.path(), "AX1"));
  mkdir((folder.path() + "/cortex-job-AX1-123").c_str(), 0755);
  CHECK(health::job_runner::shows_job(Env::real(), folder.path(), "AX1"));
}

TEST_CASE("a read-only check changes nothing and does not claim to have written") {
  Folder folder;
  const auto found = look(folder.path(), nfs, health::job_runner::Mode::read_only);
  REQUIRE(found.size() == 1);
  CHECK(found[0].state == State::ok);
  CHECK(found[0].detail.find("written, read back") == std::string::npos);
  // Only writing would show that /proc takes no file.
  CHECK(look("/proc", nfs, health::job_runner::Mode::read_only).at(0).state == State::ok);
  CHECK(look("/no/such/folder", nfs, health::job_runner::Mode::read_only).at(0).cause ==
        health::Cause::configuration);
  CHECK(look(folder.path(), tmpfs, health::job_runner::Mode::read_only).at(0).state == State::down);
}
