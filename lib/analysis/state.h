// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::analysis {

// State of a run over new observables.
struct State {
  UnixMillis cursor_ms = 0;                  // creation of the last observable seen; 0: none yet
  std::map<std::string, UnixMillis> recent;  // ids seen near the cursor, with their creation
  std::map<std::string, UnixMillis>
      pending;  // ids that were postponed, with the time of the next try

  static constexpr std::size_t kMostPending = 100000;
};

// The state file, locked against all other processes during the lifetime of this object. It is
// written to a new file, which is synced and then replaces the old one.
class StateFile {
 public:
  // Waits for the lock until the deadline, or until `stop`. `identity` names the TheHive and
  // organisation. Errors: failure (disk, lock), usage (not a state file, or one of another
  // TheHive).
  static Result<StateFile> open(Env& env, std::string path, const std::string& identity,
                                const Deadline& deadline, const std::function<bool()>& stop = {});
  State& state() { return state_; }
  Status save();

 private:
  StateFile(Env& env, std::string path, std::string identity, Fd lock)
      : env_(&env),
        path_(std::move(path)),
        identity_(std::move(identity)),
        lock_(std::move(lock)) {}
  Status read();

  Env* env_;
  std::string path_, identity_;
  Fd lock_;
  State state_;
};

}  // namespace socbridge::analysis
