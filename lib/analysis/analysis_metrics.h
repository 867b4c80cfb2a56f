// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "analysis/watcher.h"
#include "base/time.h"

namespace socbridge::analysis {

// Totals of all passes since the start of the process. Thread safe.
class Totals {
 public:
  void add(const PassReport& report, UnixMillis ended_ms);
  void add_outage();
  // Text exposition format; docs/analysis.md lists the names. Empty before the first pass.
  std::string prometheus() const;

 private:
  mutable std::mutex mutex_;
  std::uint64_t observables_ = 0, started_ = 0, present_ = 0, postponed_ = 0, failed_ = 0,
                skipped_ = 0, outages_ = 0;
  UnixMillis last_pass_ms_ = 0;
};

}  // namespace socbridge::analysis
