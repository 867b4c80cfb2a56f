// SPDX-License-Identifier: Apache-2.0
#include "spool/lock_holders.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <map>
#include <string>

using namespace socbridge;
using namespace socbridge::spool;

namespace {

// A /proc of these files.
class ProcEnv final : public Env {
 public:
  std::map<std::string, std::string> files;

  Result<std::string> read_file(const std::string& path, std::size_t max_bytes) override {
    const auto found = files.find(path);
    if (found == files.end()) return none(ENOENT);
    if (found->second.size() > max_bytes) return none(EFBIG);
    return found->second;
  }
  Result<std::vector<std::string>> list_dir(const std::string& dir) override {
    std::vector<std::string> out;
    for (const auto& [path, text] : files) {
      if (!path.starts_with(dir + "/")) continue;
      const std::string rest = path.substr(dir.size() + 1);
      const std::string name = rest.substr(0, rest.find('/'));
      if (out.empty() || out.back() != name) out.push_back(name);
    }
    if (out.empty()) return none(ENOENT);
    return out;
  }
  Result<Fd> open_read(const std::string&) override { return none(ENOSYS); }
  Result<Fd> create_new(const std::string&, mode_t) override { return none(ENOSYS); }
  Result<Fd> open_append(const std::string&, mode_t) override { return none(ENOSYS); }
  Result<Fd> open_rw(const std::string&, mode_t) override { return none(ENOSYS); }
  Status write_all(int, std::string_view) override { return none(ENOSYS); }
  Status write_once(int, std::string_view) override { return none(ENOSYS); }
  Result<std::string> read_all(int, std::size_t) override { return none(ENOSYS); }
  Status fsync(int) override { return none(ENOSYS); }
  Status fsync_dir(const std::string&) override { return none(ENOSYS); }
  Status rename(const std::string&, const std::string&) override { return none(ENOSYS); }
  Status unlink(const std::string&) override { return none(ENOSYS); }
  Status mkdir(const std::string&, mode_t) override { return none(ENOSYS); }
  Result<FileInfo> stat(const std::string&) override { return none(ENOSYS); }
  Result<FileInfo> lstat(const std::string&) override { return none(ENOSYS); }
  Result<FileInfo> fstat(int) override { return none(ENOSYS); }
  Status set_mtime_ms(int, std::int64_t) override { return none(ENOSYS); }
  Status set_mode(int, mode_t) override { return none(ENOSYS); }
  Status visit_dir(const std::string&, const std::function<bool(std::string_view)>&) override {
    return none(ENOSYS);
  }
  Result<bool> try_lock(int) override { return none(ENOSYS); }
  Result<bool> try_lock_range(int, std::uint64_t, std::uint64_t) override { return none(ENOSYS); }
  Status unlock_range(int, std::uint64_t, std::uint64_t) override { return none(ENOSYS); }
  Result<std::string> read_at(int, std::uint64_t, std::size_t) override { return none(ENOSYS); }
  Status write_at(int, std::uint64_t, std::string_view) override { return none(ENOSYS); }
  Result<std::uint64_t> free_bytes(const std::string&) override { return none(ENOSYS); }
  Result<std::uint64_t> total_bytes(const std::string&) override { return none(ENOSYS); }

 private:
  static Status none(int error) {
    Status status = Status::error(ExitCode::failure, "no");
    status.with_errno(error);
    return status;
  }
};

std::string label(const std::string& stat) {
  ProcEnv env;
  env.files["/proc/locks"] = "1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF\n";
  if (!stat.empty()) env.files["/proc/4711/stat"] = stat;
  const auto holders = lock_holders(env, {131}, 0);
  REQUIRE(holders.size() == 1);
  CHECK(holders[0].inode == 131);
  return holders[0].label();
}

}  // namespace

TEST_CASE("the process that holds a claim, with its name and whether it is stopped") {
  CHECK(label("4711 (socctl) S 1 2") == "process 4711 (socctl)");
  CHECK(label("4711 (socctl) T 1 2") == "process 4711 (socctl, stopped)");
  CHECK(label("4711 (socctl) t 1 2") == "process 4711 (socctl, stopped)");
  CHECK(label("4711 (a) b (c)) T 1") == "process 4711 (a) b (c), stopped)");
  CHECK(label("4711 () T 1") == "process 4711 (stopped)");
  CHECK(label("4711 (\x1b[2J) S 1") == "process 4711 (\\u{1b}[2J)");
}

TEST_CASE("a process that ended, or without useful data, is shown by its id") {
  for (const char* stat : {"", "4711", "4711 (x", "4711 x) S", "4711 (x)", "4711 (x) "}) {
    CAPTURE(stat);
    CHECK(label(stat) == "process 4711");
  }
  CHECK(label(std::string(70000, 'x')) == "process 4711");
}

TEST_CASE("only locks on the given files, and only held ones") {
  ProcEnv env;
  env.files["/proc/locks"] =
      "1: FLOCK  ADVISORY  WRITE 10 08:01:131 0 EOF\n"
      "2: FLOCK  ADVISORY  WRITE 11 08:01:132 0 EOF\n"
      "3: -> FLOCK ADVISORY WRITE 12 08:01:131 0 EOF\n"
      "4: POSIX  ADVISORY  WRITE 13 08:01:131 0 EOF\n"
      "5: FLOCK  ADVISORY  WRITE 0 08:01:131 0 EOF\n"  // of another PID namespace
      "6: FLOCK  ADVISORY  WRITE -1 08:01:131 0 EOF\n"
      "7: FLOCK  ADVISORY  WRITE 14 08:01: 0 EOF\n"
      "8: FLOCK  ADVISORY  WRITE 15 08:01:18446744073709551616 0 EOF\n";
  const auto holders = lock_holders(env, {131}, 0);
  REQUIRE(holders.size() == 1);
  CHECK(holders[0].pid == 10);
  CHECK(lock_holders(env, {}, 0).empty());
  CHECK(locked_inodes(env) == std::unordered_set<std::uint64_t>{131, 132});
}

TEST_CASE("the holder of a locked range is found by its descriptors") {
  ProcEnv env;
  env.files["/proc/locks"] = "1: OFDLCK ADVISORY  WRITE -1 08:01:900 0 15\n";
  env.files["/proc/20/stat"] = "20 (relay) T 1";
  env.files["/proc/20/fdinfo/3"] = "pos:\t0\nflags:\t02\n";
  env.files["/proc/20/fdinfo/4"] = "pos:\t0\nlock:\t1: OFDLCK ADVISORY  WRITE -1 08:01:900 0 15\n";
  env.files["/proc/21/fdinfo/4"] = "lock:\t1: OFDLCK ADVISORY  WRITE -1 08:01:901 0 15\n";
  env.files["/proc/22/fdinfo/4"] = "lock:\t1: FLOCK  ADVISORY  WRITE 22 08:01:900 0 EOF\n";
  env.files["/proc/self/fdinfo/4"] = env.files["/proc/20/fdinfo/4"];
  const auto holders = lock_holders(env, {}, 900);
  REQUIRE(holders.size() == 1);
  CHECK(holders[0].label() == "process 20 (relay, stopped)");
  CHECK(holders[0].inode == 900);
  // Without such a lock no process is examined.
  CHECK(lock_holders(env, {}, 901).empty());
}

TEST_CASE("without /proc no holder is known") {
  ProcEnv env;
  CHECK(lock_holders(env, {131}, 900).empty());
  CHECK(locked_inodes(env).empty());
  CHECK(parse_locks("").empty());
  CHECK(parse_locks(std::string_view("\0\n\xff FLOCK", 9)).empty());
}
