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

// The progress of a batch, on stable storage, so that it can continue after a crash. One JSON
// object per line, append only:
//   {"v":1,"batch":"9f…","cortex":"URL"}   first
//   {"t":MS,"try":["KEY",…]}               about to be submitted (synced before the request)
//   {"k":"KEY","job":"ID","cached":true?}  Cortex has it
//   {"k":"KEY","free":true}                it was not submitted
//   {"k":"KEY","no":"REASON"}              Cortex refused it; not retried
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

  // An empty path: nothing is stored. Errors: failure if another process uses the file or it cannot
  // be written; usage if it is not a journal or belongs to another Cortex.
  static Result<Journal> open(Env& env, const std::string& path, std::string_view cortex_url);

  const std::string& batch() const { return batch_; }  // 16 hexadecimal digits
  const Entry& at(const std::string& key) const;
  std::size_t size() const { return entries_.size(); }

  // On return it is on stable storage, with all earlier records.
  Status tried(const std::vector<std::string>& keys, UnixMillis now);
  // Written with the next sync.
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
