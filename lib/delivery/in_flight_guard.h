// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "delivery/alert_delivery.h"
#include "spool/in_flight.h"

namespace socbridge::delivery {

// Sees to it that no other process of this spool has a request for the job's alert under way, and
// that after an end that left things open TheHive is asked first (docs/reliability.md). The
// reference is free again when this ends.
class InFlightGuard {
 public:
  // Ends the job without a request if somebody else is at it, if the server may still be, or if
  // nothing can be locked. `open_end`: an earlier try of this alert had no known end. `flights`: of
  // this spool, for callers that have many.
  InFlightGuard(Env& env, const std::string& spool_dir, const integration::Settings& settings,
                Job& job, bool open_end, spool::InFlightTable* flights = nullptr);

  // The job's next request, marked as possibly under way.
  http::Request next(std::int64_t timeout_ms);
  void answered(http::Outcome outcome);

  // The slot of the in-flight table that this holds.
  std::optional<std::uint64_t> slot() const;
  // The slot that it needs and somebody else holds: the job was ended for that.
  std::optional<std::uint64_t> blocked_by() const { return blocked_by_; }
  // Why no lock can be had, an error of this machine: the job was ended for that. Else ok.
  const Status& no_lock() const { return no_lock_; }

 private:
  const integration::Settings& settings_;
  Job& job_;
  std::optional<spool::InFlight> flight_;
  std::optional<std::uint64_t> blocked_by_;
  Status no_lock_;
};

}  // namespace socbridge::delivery
