// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "spool/alert_counts.h"
#include "spool/call_failures.h"
#include "spool/names.h"
#include "spool/observed_env.h"
#include "spool/spool.h"

namespace socbridge::spool {

// State shared by all copies of a Spool.
struct Spool::Inside {
  Inside(std::shared_ptr<Env> folder, const std::string& spool_dir)
      : env(std::move(folder), spool_dir, failures),
        dir(spool_dir),
        counts(env, dir + "/counts", paths()) {}

  AlertCounts::Paths paths() const {
    return [dir = dir](unsigned state, const std::string& id) { return at(dir, state, id); };
  }
  static std::optional<CountedChange> at(const std::string& dir, unsigned state,
                                         const std::string& id) {
    if (state > static_cast<unsigned>(State::corrupt)) return {};
    CountedChange out;
    const std::string stem = dir + "/" + state_name(static_cast<State>(state)) + "/" + id;
    out.entry_path = stem + std::string(kEntrySuffix);
    out.reason_path = stem + std::string(kReasonSuffix);
    return out;
  }

  CallFailures failures;
  ObservedEnv env;
  std::string dir;
  AlertCounts counts;
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<AlertCounts>> named;  // by destination; under the mutex
};

// "spool DIR is unusable: why".
Status unusable(const std::string& dir, const std::string& why, std::string hint);

// The remedy for a failed system call; `otherwise` if permissions are the cause.
std::string cure_of(const Status& failed, std::string otherwise);

}  // namespace socbridge::spool
