// SPDX-License-Identifier: Apache-2.0
// From a due id to a request.
#include <algorithm>
#include <utility>
#include <vector>

#include "delivery/retry.h"
#include "relay/pending_request.h"
#include "relay/worker.h"

namespace socbridge::relay {
namespace {

constexpr std::int64_t kBusyMs = 1000;
constexpr std::int64_t kBusyOnceMs = 100;
constexpr std::int64_t kElsewhereMs = 100;  // its request is another process's
constexpr std::int64_t kTroubleMs = 5000;
constexpr std::int64_t kMisconfiguredMs = 30000;
constexpr int kMostAtOnce = 200;  // taken up before answers are looked at again

}  // namespace

// Every lane that is known to be open is full: what is due would only be moved about. As long as
// none is open, entries are sorted by lane, since others may be for a lane that is not known yet.
bool Worker::lanes_are_full() const {
  if (flights_.size() >= options_.in_flight) return true;
  bool any_open = false;
  for (const auto& [settings, lane] : lanes_) {
    if (lane->closed()) continue;
    any_open = true;
    if (lane->has_room() && lane->look_again_ms() <= steady_now_ms()) return false;
  }
  return any_open;
}

void Worker::pump() {
  int taken = 0;
  std::vector<std::shared_ptr<DestinationQueue>> behind;  // taking up may make a lane
  for (const auto& [settings, lane] : lanes_) {
    if (!lane->waiting.empty()) behind.push_back(lane);
  }
  for (const auto& lane : behind) {
    while (!lane->waiting.empty() && taken < kMostAtOnce && lane->has_room() &&
           flights_.size() < options_.in_flight && lane->look_again_ms() <= steady_now_ms()) {
      const PackedId id = *lane->waiting.begin();
      lane->waiting.erase(lane->waiting.begin());
      if (!desk_.roster.unpark(id)) continue;
      ++taken;
      if (take_up(id) == Taken::no_way) break;
    }
  }
  while (taken < kMostAtOnce && !lanes_are_full()) {
    auto id = desk_.line.next();
    if (id && !desk_.roster.unpark(*id)) continue;
    if (!id) id = desk_.roster.take(wall_now_ms());
    if (!id) return;
    ++taken;
    static_cast<void>(take_up(*id));
  }
}

void Worker::park(DestinationQueue& lane, const PackedId& id) {
  desk_.roster.not_held(id);
  lane.waiting.insert(id);
  desk_.roster.park(id);
}

// Somebody else has it, or a request for the same alert.
void Worker::busy(const PackedId& id, UnixMillis due_ms) { desk_.roster.put_held(id, due_ms); }

// The entry's claim is free by now: whoever is told that it is its turn takes it.
void Worker::wait_behind(std::uint64_t slot, const PackedId& id) {
  desk_.roster.park(id);
  if (!desk_.line.wait(slot, id)) busy(id, wall_now_ms() + kElsewhereMs);
}

void Worker::trouble(const PackedId& id, const Status& status) {
  // A system call that failed is reported by the spool (CallFailures).
  if (status.sys_errno() == 0) log_.note(Level::error, "spool", status.line(), steady_now_ms());
  if (options_.once) {
    ++desk_.tally.unsaved;
    desk_.roster.done(id);
  } else {
    desk_.roster.put(id, wall_now_ms() + kTroubleMs);
  }
}

std::shared_ptr<DestinationQueue> Worker::lane_for(
    std::shared_ptr<const integration::Settings> settings) {
  std::shared_ptr<DestinationQueue>& lane = lanes_[settings.get()];
  if (lane) return lane;
  std::shared_ptr<Concurrency>& concurrency =
      concurrency_[settings->endpoint.url + "\n" + settings->endpoint.organisation];
  if (!concurrency) concurrency = std::make_shared<Concurrency>(options_.in_flight);
  lane = std::make_shared<DestinationQueue>(env_, spool_.dir(), std::move(settings), concurrency);
  return lane;
}

Worker::Taken Worker::take_up(const PackedId& id) {
  const std::string name = unpack(id);
  const UnixMillis now = wall_now_ms();
  auto claim = spool_.claim(spool::State::queue, name);
  if (!claim.ok()) {
    trouble(id, claim.status());
    return Taken::done;
  }
  if (!claim->has_value()) {
    if (spool_.info(spool::State::queue, name)) {
      busy(id, now + (options_.once ? kBusyOnceMs : kBusyMs));
    } else {
      desk_.roster.done(id);
    }
    return Taken::done;
  }
  auto entry = spool_.load(**claim);
  if (!entry.ok()) {
    if (entry.status().code() != ExitCode::bad_input) {
      trouble(id, entry.status());
      return Taken::done;
    }
    spool::Reason reason;
    reason.at_ms = now;
    reason.kind = "damaged";
    reason.message = entry.status().message();
    const Status moved = spool_.move(std::move(**claim), spool::State::corrupt, reason);
    ++desk_.tally.corrupt;
    desk_.roster.done(id);
    log_.note(Level::error, "corrupt",
              name + ": " + reason.message + "; " +
                  (moved.ok() ? "moved to corrupt/" : "not moved: " + moved.line()),
              steady_now_ms());
    return Taken::done;
  }
  const std::int64_t due = (*claim)->next_attempt_ms();
  auto settings = accounts_.of(*entry);
  if (!settings.ok() && due > now) {
    desk_.roster.put(id, due);
    return Taken::done;
  }
  if (!settings.ok()) {
    log_.note(Level::error, "configuration",
              "an alert of \"" + entry->integration + "\" waits: " + settings.status().line(),
              steady_now_ms());
    if (options_.once) {
      ++desk_.tally.misconfigured;
      desk_.roster.done(id);
    } else {
      desk_.roster.put(id, now + kMisconfiguredMs);
    }
    return Taken::done;
  }
  std::shared_ptr<DestinationQueue> lane = lane_for(*settings);
  if (!delivery::is_due(due, lane->settings().retry, now)) {
    desk_.roster.put(id, due);
    return Taken::done;
  }
  if (!lane->has_room()) {
    park(*lane, id);
    return Taken::no_way;
  }
  return ship(id, std::move(**claim), *entry, std::move(lane));
}

Worker::Taken Worker::ship(const PackedId& id, spool::Claim claim, const spool::Entry& entry,
                           std::shared_ptr<DestinationQueue> lane) {
  auto pass = lane->enter(wall_now_ms(), steady_now_ms());
  if (!pass) {
    park(*lane, id);
    return Taken::no_way;
  }
  Flight flight;
  flight.id = id;
  flight.pass = std::move(*pass);
  flight.shipment = std::make_unique<delivery::EntryDelivery>(
      env_, spool_, std::move(claim), entry.alert, entry.accepted_ms, lane->settings(),
      lane->versions(), nullptr, &table_);
  if (const Status no_lock = flight.shipment->no_lock(); !no_lock.ok()) {
    flight = Flight();
    trouble(id, no_lock);
    return Taken::done;
  }
  if (const auto slot = flight.shipment->blocked_by()) {
    flight = Flight();
    wait_behind(*slot, id);
    return Taken::done;
  }
  flight.lane = std::move(lane);
  if (flight.shipment->finished()) {  // filtered, no alert, or its last request may go on
    settle(flight, false);
    return Taken::done;
  }
  flight.slot = flight.shipment->slot();
  if (flight.slot) desk_.line.begun(*flight.slot);
  flight.number = flight.lane->concurrency().started();
  flight.asking_key = flight.pass.ask_key;
  ++flight.lane->in_flight;
  desk_.roster.not_held(id);
  send(std::move(flight));
  return Taken::started;
}

void Worker::send(Flight flight) {
  http::Request request = flight.asking_key
                              ? flight.lane->destination().key_request(options_.request_ms)
                              : flight.shipment->next(options_.request_ms);
  const auto ticket = http_->start(std::move(request), flight.lane->http());
  flights_.emplace(ticket, std::move(flight));
}

}  // namespace socbridge::relay
