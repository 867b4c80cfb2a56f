// SPDX-License-Identifier: Apache-2.0
// From an answer to the new state of the entry.
#include <utility>
#include <vector>

#include "base/text.h"
#include "relay/worker.h"

namespace socbridge::relay {
namespace {

constexpr const char* kStopping = "the relay is stopping";
constexpr std::int64_t kBusyMs = 2000;

// Whether it is a sign of an overloaded server.
bool is_overload(const delivery::Outcome& outcome) {
  // A connection cut because of one alert's content is not.
  return outcome.kind == delivery::Outcome::Kind::failed ||
         (outcome.kind == delivery::Outcome::Kind::alert_failed && outcome.http_status != 0);
}

}  // namespace

void Worker::complete(http::MultiClient::Done done) {
  const auto at = requests_.find(done.ticket);
  if (at == requests_.end()) return;
  PendingRequest request = std::move(at->second);
  requests_.erase(at);
  delivery::Delivery& delivery = *request.delivery;
  delivery.answered(std::move(done.outcome));
  if (!delivery.finished() && context_.state.stopping) {
    delivery.give_up(delivery::Outcome::Postponed::stopped, kStopping);
  }
  if (!delivery.finished()) {
    send(std::move(request));
    return;
  }
  settle(request, delivery::Delivery::Breaker::report);
}

void Worker::settle(PendingRequest& request, delivery::Delivery::Breaker breaker) {
  if (request.number > 0) --request.destination->in_flight;
  const auto slot = request.delivery->slot();
  const bool tested = request.delivery->tests_destination();
  const delivery::Report report = request.delivery->finish(breaker);
  if (slot && request.number > 0) context_.state.references.ended(*slot);
  if (breaker == delivery::Delivery::Breaker::report) learn(request, report, tested);
  count(request.id, report, *request.destination);
}

// Updates the destination's state from the outcome.
void Worker::learn(PendingRequest& request, const delivery::Report& report, bool tested) {
  DestinationQueue& destination = *request.destination;
  const delivery::Outcome& outcome = report.outcome;
  if (report.notice) {
    const bool info = report.notice->level == delivery::CircuitBreaker::Notice::Level::info;
    context_.log.say(info ? Level::info : Level::error, report.notice->text);
  }
  if (!outcome.remark.empty()) {
    const bool refused = outcome.promotion == delivery::Outcome::Promotion::refused;
    context_.log.note(Level::warning, refused ? "not promoted" : "version", outcome.remark,
                      steady_now_ms());
  }
  if (report.notice || tested) destination.try_now();
  if (!outcome.tried()) return;
  if (!is_overload(outcome)) {
    destination.concurrency().succeeded(request.number);
  } else if (destination.concurrency().failed(request.number)) {
    context_.log.note(Level::warning, "throttled",
                      printable(destination.label()) + " fails (" + outcome.message +
                          "): at most " + std::to_string(destination.concurrency().limit()) +
                          " in flight",
                      steady_now_ms());
  }
}

void Worker::count(const EntryId& id, const delivery::Report& report,
                   const DestinationQueue& destination) {
  using delivery::Disposition;
  const delivery::Decision& decision = *report.decision;
  const std::int64_t now = steady_now_ms();
  const auto about = [&] { return report.id + " (" + report.outcome.source_ref + ")"; };
  if (!report.settled.ok()) {
    // The alert is done; its unchanged entry is retried and found as a duplicate.
    spool_error(id, report.settled);
    return;
  }
  if (decision.disposition == Disposition::retry) {
    count_retry(id, report, destination);
    return;
  }
  context_.state.ready.done(id);
  switch (decision.disposition) {
    case Disposition::delivered:
      ++context_.state.counters.delivered;
      context_.state.counters.times.add(wall_now_ms() - static_cast<UnixMillis>(id.ms));
      if (context_.log.verbose()) {
        context_.log.detail(about() + ": " + result_name(report.outcome) + " " +
                            printable(report.outcome.alert_id, 60));
      }
      return;
    case Disposition::filtered: ++context_.state.counters.filtered; return;
    case Disposition::dead:
      ++context_.state.counters.dead;
      context_.log.note(Level::error, "dead",
                        about() + " moved to dead/: " + decision.reason.message +
                            "; see socctl queue list --state dead",
                        now);
      return;
    case Disposition::corrupt:
      ++context_.state.counters.corrupt;
      context_.log.note(Level::error, "corrupt",
                        about() + " moved to corrupt/: " + decision.reason.message, now);
      return;
    case Disposition::retry: return;
  }
}

void Worker::count_retry(const EntryId& id, const delivery::Report& report,
                         const DestinationQueue& destination) {
  using Kind = delivery::Outcome::Kind;
  const delivery::Outcome& outcome = report.outcome;
  const UnixMillis due_ms = report.decision->due_ms;
  if (!outcome.tried()) {
    if (options_.once && due_ms - wall_now_ms() > kBusyMs) {
      ++context_.state.counters.postponed;
      context_.state.ready.done(id);
    } else {
      context_.state.ready.put_held(id, due_ms);
    }
    return;
  }
  ++context_.state.counters.postponed;
  if (outcome.kind == Kind::failed || outcome.kind == Kind::alert_failed)
    ++context_.state.counters.unanswered;
  if (options_.once) {
    context_.state.ready.done(id);
  } else {
    context_.state.ready.put(id, due_ms);
  }
  context_.log.note(Level::warning, std::string("again ") + result_name(outcome),
                    report.id + " (" + outcome.source_ref + ") not " +
                        (outcome.in_thehive() ? "completed at " : "delivered to ") +
                        printable(destination.label()) + ": " + outcome.message +
                        "; it will be retried",
                    steady_now_ms());
}

void Worker::abort_all() {
  std::vector<http::MultiClient::Ticket> tickets;
  for (const auto& [ticket, request] : requests_) tickets.push_back(ticket);
  for (const auto ticket : tickets) {
    const auto at = requests_.find(ticket);
    PendingRequest request = std::move(at->second);
    requests_.erase(at);
    delivery::Delivery& delivery = *request.delivery;
    // An unanswered request may have been acted on: the next attempt searches first.
    delivery.interrupted(http_->give_up(ticket));
    if (!delivery.finished()) delivery.give_up(delivery::Outcome::Postponed::stopped, kStopping);
    settle(request, delivery::Delivery::Breaker::skip);
  }
}

}  // namespace socbridge::relay
