// SPDX-License-Identifier: Apache-2.0
// From the id of a due entry to a request.
#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "delivery/retry.h"
#include "delivery/undecided.h"
#include "integration/tls_settings.h"
#include "relay/worker.h"

namespace socbridge::relay {
namespace {

constexpr std::int64_t kBusyMs = 1000;
constexpr std::int64_t kBusyOnceMs = 100;
constexpr std::int64_t kElsewhereMs = 100;  // another process has its request
constexpr std::int64_t kSpoolErrorMs = 5000;
constexpr std::int64_t kMisconfiguredMs = 30000;
constexpr int kMostAtOnce = 200;  // before answers are read again

}  // namespace

// Whether every destination that grants permits is full: moving due entries would be useless. While
// none grants any, entries are sorted by destination, because some may be for a new one.
bool Worker::destinations_are_full() const {
  if (requests_.size() >= options_.in_flight) return true;
  bool any_open = false;
  for (const auto& [settings, destination] : destinations_) {
    if (destination->refused()) continue;
    any_open = true;
    if (destination->has_room() && destination->next_try_ms() <= steady_now_ms()) return false;
  }
  return any_open;
}

void Worker::dispatch_due() {
  int taken = 0;
  std::vector<std::shared_ptr<DestinationQueue>> waiting;  // dispatching may add one
  for (const auto& [settings, destination] : destinations_) {
    if (!destination->waiting.empty()) waiting.push_back(destination);
  }
  for (const auto& destination : waiting) {
    while (!destination->waiting.empty() && taken < kMostAtOnce && destination->has_room() &&
           requests_.size() < options_.in_flight && destination->next_try_ms() <= steady_now_ms()) {
      const EntryId id = *destination->waiting.begin();
      destination->waiting.erase(destination->waiting.begin());
      if (!context_.state.ready.unpark(id)) continue;
      ++taken;
      if (dispatch(id) == Dispatch::blocked) break;
    }
  }
  while (taken < kMostAtOnce && !destinations_are_full()) {
    auto id = context_.state.references.next();
    if (id && !context_.state.ready.unpark(*id)) continue;
    if (!id) id = context_.state.ready.take(wall_now_ms());
    if (!id) return;
    ++taken;
    static_cast<void>(dispatch(*id));
  }
}

void Worker::park(DestinationQueue& destination, const EntryId& id) {
  context_.state.ready.not_held(id);
  destination.waiting.insert(id);
  context_.state.ready.park(id);
}

// The entry's claim is already released, so that the next worker can take it.
void Worker::wait_for_slot(std::uint64_t slot, const EntryId& id) {
  context_.state.ready.park(id);
  if (!context_.state.references.wait(slot, id))
    context_.state.ready.put_held(id, wall_now_ms() + kElsewhereMs);
}

void Worker::spool_error(const EntryId& id, const Status& status) {
  // The spool reports failed system calls (CallFailures).
  if (status.sys_errno() == 0)
    context_.log.note(Level::error, "spool", status.line(), steady_now_ms());
  if (options_.once) {
    ++context_.state.counters.unsaved;
    context_.state.ready.done(id);
  } else {
    context_.state.ready.put(id, wall_now_ms() + kSpoolErrorMs);
  }
}

std::shared_ptr<DestinationQueue> Worker::destination_for(
    std::shared_ptr<const integration::Settings> settings) {
  std::shared_ptr<DestinationQueue>& destination = destinations_[settings.get()];
  if (destination) return destination;
  std::shared_ptr<Concurrency>& concurrency =
      concurrency_[settings->endpoint.url + "\n" + settings->endpoint.organisation];
  if (!concurrency) concurrency = std::make_shared<Concurrency>(options_.in_flight);
  if (settings->http.tls.insecure) {
    context_.log.note(Level::warning, "insecure",
                      printable(settings->endpoint.url) + ": " + integration::kInsecure,
                      steady_now_ms());
  }
  destination = std::make_shared<DestinationQueue>(context_.env, context_.spool.dir(),
                                                   std::move(settings), concurrency, table_);
  return destination;
}

std::optional<spool::Claim> Worker::claim(const EntryId& id) {
  const std::string name = spool::id_text(id);
  auto claim = context_.spool.claim(spool::State::queue, name);
  if (!claim.ok()) {
    spool_error(id, claim.status());
    return {};
  }
  if (claim->has_value()) return std::move(**claim);
  if (context_.spool.info(spool::State::queue, name)) {
    context_.state.ready.put_held(id, wall_now_ms() + (options_.once ? kBusyOnceMs : kBusyMs));
  } else {
    context_.state.ready.done(id);
  }
  return {};
}

std::optional<spool::Entry> Worker::load(const EntryId& id, spool::Claim& claim) {
  auto entry = context_.spool.load(claim);
  if (entry.ok()) return std::move(*entry);
  if (entry.status().code() != ExitCode::bad_input) {
    spool_error(id, entry.status());
    return {};
  }
  spool::Reason reason;
  reason.at_ms = wall_now_ms();
  reason.kind = "damaged";
  reason.message = entry.status().message();
  const Status moved =
      context_.spool.move(std::move(claim), spool::State::corrupt, reason, spool::Counted::corrupt);
  ++context_.state.counters.corrupt;
  context_.state.ready.done(id);
  context_.log.note(Level::error, "corrupt",
                    spool::id_text(id) + ": " + reason.message + "; " +
                        (moved.ok() ? "moved to corrupt/" : "not moved: " + moved.line()),
                    steady_now_ms());
  return {};
}

Worker::Dispatch Worker::without_settings(const EntryId& id, const std::string& integration,
                                          const Status& why) {
  context_.log.note(Level::error, "configuration",
                    "an alert of \"" + integration + "\" waits: " + why.line(), steady_now_ms());
  if (options_.once) {
    ++context_.state.counters.misconfigured;
    context_.state.ready.done(id);
  } else {
    context_.state.ready.put(id, wall_now_ms() + kMisconfiguredMs);
  }
  return Dispatch::done;
}

// False: it must not be sent now. Entries that replace it are due at once.
bool Worker::decide(const EntryId& id, spool::Claim& claim, spool::Entry& entry) {
  const auto decided =
      delivery::decide_destinations(context_.spool, context_.settings, claim, entry);
  if (!decided.ok() && decided.status().code() == ExitCode::usage) {
    static_cast<void>(without_settings(id, entry.integration, decided.status()));
    return false;
  }
  if (!decided.ok()) {
    spool_error(id, decided.status());
    return false;
  }
  if (!decided->replaced) return true;
  context_.state.ready.done(id);
  for (const std::string& one : decided->ids) {
    if (const auto packed = spool::parse_id(one))
      context_.state.ready.found(*packed, wall_now_ms());
  }
  return false;
}

Worker::Dispatch Worker::dispatch(const EntryId& id) {
  auto claimed = claim(id);
  if (!claimed) return Dispatch::done;
  auto entry = load(id, *claimed);
  if (!entry) return Dispatch::done;
  const UnixMillis now = wall_now_ms();
  const std::int64_t due = claimed->next_attempt_ms();
  if (entry->destination == spool::kUndecided && !decide(id, *claimed, *entry)) {
    return Dispatch::done;
  }
  auto settings = context_.settings.of(*entry);
  if (!settings.ok() && due <= now) {
    return without_settings(id, entry->integration, settings.status());
  }
  if (!settings.ok() || !delivery::is_due(due, (*settings)->retry, now)) {
    context_.state.ready.put(id, due);
    return Dispatch::done;
  }
  std::shared_ptr<DestinationQueue> destination = destination_for(*settings);
  if (!destination->has_room()) {
    park(*destination, id);
    return Dispatch::blocked;
  }
  return begin(id, std::move(*claimed), *entry, std::move(destination));
}

Worker::Dispatch Worker::begin(const EntryId& id, spool::Claim claim, const spool::Entry& entry,
                               std::shared_ptr<DestinationQueue> destination) {
  auto permit = destination->try_acquire(wall_now_ms(), steady_now_ms());
  if (!permit) {
    park(*destination, id);
    return Dispatch::blocked;
  }
  delivery::AlertInput input;
  input.raw = entry.alert;
  auto delivery = std::make_unique<delivery::Delivery>(
      destination->channel(), input,
      delivery::StoredEntry{context_.spool, std::move(claim), entry.accepted_ms},
      std::move(*permit));
  if (const Status error = delivery->lock_error(); !error.ok()) {
    delivery.reset();
    spool_error(id, error);
    return Dispatch::done;
  }
  const auto slot = delivery->slot();
  if (slot && delivery->finished()) {  // a request for the same alert is in flight
    delivery.reset();
    wait_for_slot(*slot, id);
    return Dispatch::done;
  }
  PendingRequest request{id, std::move(destination), std::move(delivery)};
  if (request.delivery
          ->finished()) {  // filtered, not an alert, or its last request may still be processed
    settle(request, delivery::Delivery::Breaker::report);
    return Dispatch::done;
  }
  if (slot) context_.state.references.begun(*slot);
  request.number = request.destination->concurrency().started();
  ++request.destination->in_flight;
  context_.state.ready.not_held(id);
  send(std::move(request));
  return Dispatch::started;
}

void Worker::send(PendingRequest request) {
  const auto ticket =
      http_->start(request.delivery->next(options_.request_ms), request.destination->http());
  requests_.emplace(ticket, std::move(request));
}

}  // namespace socbridge::relay
