// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"

namespace socbridge::test {

// Passes calls on and ends the process before the one with this number.
class KillingEnv : public Env {
 public:
  explicit KillingEnv(Env& env) : env_(env) {}
  static constexpr int kKilled = 7;
  int left = -1;  // calls until then; less than 0: none ends it

  Result<Fd> open_read(const std::string& p) override { return next().open_read(p); }
  Result<Fd> create_new(const std::string& p, mode_t m) override { return next().create_new(p, m); }
  Result<Fd> open_append(const std::string& p, mode_t m) override {
    return next().open_append(p, m);
  }
  Result<Fd> open_rw(const std::string& p, mode_t m) override { return next().open_rw(p, m); }
  Status write_all(int fd, std::string_view b) override { return next().write_all(fd, b); }
  Status write_once(int fd, std::string_view b) override { return next().write_once(fd, b); }
  Result<std::string> read_all(int fd, std::size_t n) override { return next().read_all(fd, n); }
  Status fsync(int fd) override { return next().fsync(fd); }
  Status fsync_dir(const std::string& d) override { return next().fsync_dir(d); }
  Status rename(const std::string& a, const std::string& b) override { return next().rename(a, b); }
  Status unlink(const std::string& p) override { return next().unlink(p); }
  Status mkdir(const std::string& p, mode_t m) override { return next().mkdir(p, m); }
  Result<FileInfo> stat(const std::string& p) override { return next().stat(p); }
  Result<FileInfo> lstat(const std::string& p) override { return next().lstat(p); }
  Result<FileInfo> fstat(int fd) override { return next().fstat(fd); }
  Status set_mtime_ms(int fd, std::int64_t ms) override { return next().set_mtime_ms(fd, ms); }
  Status set_mode(int fd, mode_t m) override { return next().set_mode(fd, m); }
  Result<std::vector<std::string>> list_dir(const std::string& d) override {
    return next().list_dir(d);
  }
  Status visit_dir(const std::string& d,
                   const std::function<bool(std::string_view)>& visit) override {
    return next().visit_dir(d, visit);
  }
  Result<bool> try_lock(int fd) override { return next().try_lock(fd); }
  Result<bool> try_lock_range(int fd, std::uint64_t o, std::uint64_t n) override {
    return next().try_lock_range(fd, o, n);
  }
  Status unlock_range(int fd, std::uint64_t o, std::uint64_t n) override {
    return next().unlock_range(fd, o, n);
  }
  Result<std::string> read_at(int fd, std::uint64_t o, std::size_t n) override {
    return next().read_at(fd, o, n);
  }
  Status write_at(int fd, std::uint64_t o, std::string_view b) override {
    return next().write_at(fd, o, b);
  }
  Result<std::uint64_t> free_bytes(const std::string& p) override { return next().free_bytes(p); }
  Result<std::uint64_t> total_bytes(const std::string& p) override { return next().total_bytes(p); }

 private:
  Env& next() {
    if (left == 0) _exit(kKilled);
    if (left > 0) --left;
    return env_;
  }
  Env& env_;
};

// Runs `act(env)` in a child process; true if that came to its end, false if it was killed.
template <typename Act>
bool ends_in_child(Act act) {
  constexpr int kFailed = 8;
  const pid_t child = fork();
  if (child == 0) {
    KillingEnv env(Env::real());
    _exit(act(env) ? 0 : kFailed);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));  // the exit status of a process killed by a signal looks like 0
  REQUIRE((WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == KillingEnv::kKilled));
  return WEXITSTATUS(status) == 0;
}

}  // namespace socbridge::test
