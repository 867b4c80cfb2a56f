// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/time.h"

namespace socbridge::cortex {

// What a batch has done so far, on stable storage, so that it can go on after any end. One JSON
// object a line, only ever appended:
//   {"v":1,"batch":"9f…","cortex":"URL"}   first
//   {"t":MS,"try":["KEY",…]}               these are about to be submitted (synced before they are)
//   {"k":"KEY","job":"ID","cached":true?}  Cortex has it
//   {"k":"KEY","free":true}                it was not submitted after all
//   {"k":"KEY","no":"REASON"}              Cortex refused it for good
// A torn last line is ignored. The file is locked while it is used.
class Journal {
 public:
  enum class State {
    fresh,    // not in it
    tried,    // may have been submitted: ask Cortex
    started,  // has a job
    refused,
  };
  struct Entry {
    State state = State::fresh;
    UnixMillis tried_at = 0;
    std::string job;     // if started
    std::string reason;  // if refused
    bool cached = false;
  };

  // An empty path: nothing is kept. Errors: another process has the file, it cannot be written
  // (failure), it is something else or of another Cortex (usage).
  static Result<Journal> open(Env& env, const std::string& path, std::string_view cortex_url);

  const std::string& batch() const { return batch_; }  // 16 hexadecimal digits
  const Entry& at(const std::string& key) const;
  std::size_t size() const { return entries_.size(); }

  // Synced, with all that was noted before, when it comes back.
  Status tried(const std::vector<std::string>& keys, UnixMillis now);
  // Noted; on stable storage with the next sync.
  void started(const std::string& key, const std::string& job, bool cached);
  void freed(const std::string& key);
  void refused(const std::string& key, const std::string& reason);
  Status sync();

 private:
  explicit Journal(Env& env) : env_(&env) {}
  Status load(const std::string& path, std::string_view cortex_url);
  void take(std::string_view line);

  Env* env_;
  Fd file_;
  std::string batch_, cortex_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::string pending_;
};

}  // namespace socbridge::cortex
