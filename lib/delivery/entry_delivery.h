// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "delivery/alert_delivery.h"
#include "delivery/in_flight_guard.h"
#include "delivery/retry.h"
#include "delivery/server_version.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// What became of an entry.
struct Report {
  std::string id;
  Attempt attempt;
  Decision decision;
  Status settled;  // whether the spool was brought up to date; if not, the entry comes again
};

// One claimed entry on its way: its Job, the right to have its request under way, and in the end
// its place in the spool. Performs no request, so that one thread may have many:
//   Shipment shipment(env, spool, std::move(claim), entry.alert, entry.accepted_ms, settings,
//                     versions);
//   while (!shipment.finished()) shipment.answered(http.perform(shipment.next(timeout_ms)));
//   Report report = shipment.finish();
// Ask the Destination before (enter) and tell it afterwards (report). If it ends without finish()
// the entry stays as it was, as after a crash. Env, spool, settings and versions must outlive it.
class EntryDelivery {
 public:
  // `alert`: the raw bytes, already parsed, if the caller has that. `flights`: of this spool, for
  // callers that have many shipments; must outlive it.
  EntryDelivery(Env& env, spool::Spool& spool, spool::Claim claim, std::string_view raw_alert,
                UnixMillis accepted_ms, const integration::Settings& settings,
                ServerVersionCache& versions, const wazuh::Alert* alert = nullptr,
                spool::InFlightTable* flights = nullptr);

  EntryDelivery(const EntryDelivery&) = delete;
  EntryDelivery& operator=(const EntryDelivery&) = delete;

  bool finished() const { return job_.finished(); }
  // The next request, to be performed within timeout_ms. Until then the reference is marked as
  // possibly under way for that long and settle_ms more.
  http::Request next(std::int64_t timeout_ms);
  void answered(http::Outcome outcome);
  // No further request: no time left, or the destination was closed meanwhile.
  void give_up(std::string why) { job_.give_up(std::move(why)); }

  // The slot of the in-flight table that it holds, or the one that it needs and somebody else holds
  // (then it is finished without having tried). Not after finish().
  std::optional<std::uint64_t> slot() const { return reservation_->slot(); }
  std::optional<std::uint64_t> blocked_by() const { return reservation_->blocked_by(); }
  // Why no lock can be had; then it is finished without having tried. Not after finish().
  const Status& no_lock() const { return reservation_->no_lock(); }

  // Once, when finished: removes, postpones or moves the entry.
  Report finish();

 private:
  UnixMillis others_arrived_ms() const;
  Env& env_;
  spool::Spool& spool_;
  spool::Claim claim_;
  const integration::Settings& settings_;
  UnixMillis accepted_ms_;
  std::optional<spool::Reason> before_;
  ServerVersionCache& versions_;
  Job job_;
  std::optional<InFlightGuard> reservation_;  // points to job_
};

}  // namespace socbridge::delivery
