// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/status.h"

namespace socbridge::spool {

// Failed system calls on a spool. All are counted. Each cause (call, kind of file, errno) is
// reported once, and again if the call has succeeded on that file since, or the cause has not
// occurred for ten minutes. Thread-safe.
class CallFailures {
 public:
  enum class Event { failed, works_again };
  // Called by one thread at a time. `line`: what failed, where, why and the remedy.
  using Report = std::function<void(Event event, const std::string& line)>;

  // Earlier causes are reported at once.
  void set_report(Report report);

  // `call`: name of the kind of call. `path`: full path, or empty if only a descriptor is known.
  void failed(std::string_view call, const std::string& path, const Status& why);
  void worked(std::string_view call, const std::string& path) {
    if (open_ > 0) clear(call, path);
  }

  std::uint64_t count() const { return count_; }                // since the start
  std::map<std::string, std::uint64_t> counts_by_call() const;  // the same
  // The current causes, one line each.
  std::vector<std::string> open() const;

 private:
  struct Cause {
    std::string path;          // of the call that was reported
    std::string line;          // as reported
    std::int64_t last_ms = 0;  // monotonic, of the last failure
    bool is_open = true;
  };
  using Key = std::tuple<std::string, std::string, int>;  // call, kind of file, errno
  void clear(std::string_view call, const std::string& path);
  void report(Event event, const std::string& line);  // the caller holds the lock

  mutable std::mutex mutex_;
  Report report_;
  std::map<Key, Cause> causes_;
  std::map<std::string, std::uint64_t> by_call_;
  std::vector<std::string> untold_;
  std::atomic<std::uint64_t> count_ = 0;
  std::atomic<int> open_ = 0;
};

}  // namespace socbridge::spool
