// SPDX-License-Identifier: Apache-2.0
// From an answer to the entry's new place.
#include <utility>
#include <vector>

#include "base/text.h"
#include "delivery/deliver.h"
#include "relay/pending_request.h"
#include "relay/worker.h"

namespace socbridge::relay {
namespace {

constexpr const char* kStopping = "the relay was told to stop";
constexpr std::int64_t kBusyMs = 2000;

// What a server under too much load does.
bool is_overload(const delivery::Attempt& attempt) {
  // A connection that is cut for one alert's content is none.
  const bool cut = attempt.alone && attempt.delivery.http_status == 0;
  return attempt.tried && !cut && attempt.delivery.verdict == thehive::Verdict::retry;
}

}  // namespace

void Worker::came_back(http::MultiClient::Done done) {
  const auto at = flights_.find(done.ticket);
  if (at == flights_.end()) return;
  Flight flight = std::move(at->second);
  flights_.erase(at);
  if (flight.asking_key) {
    flight.asking_key = false;
    thehive::hide_key(done.outcome, flight.lane->settings().endpoint.key);
    if (!flight.lane->destination().key_answered(done.outcome, wall_now_ms())) {
      flight.shipment->give_up("the key is still refused");
    }
  } else {
    flight.shipment->answered(std::move(done.outcome));
  }
  if (!flight.shipment->finished() && desk_.stopping) flight.shipment->give_up(kStopping);
  if (!flight.shipment->finished()) {
    send(std::move(flight));
    return;
  }
  settle(flight, false);
}

void Worker::settle(Flight& flight, bool stopped) {
  if (flight.number > 0) --flight.lane->in_flight;
  const delivery::Report report = flight.shipment->finish();
  if (flight.slot) desk_.line.ended(*flight.slot);
  if (!stopped) judge(flight, report);
  flight.pass.turn.reset();
  count(flight.id, report, *flight.lane);
}

// Tells the destination, and everybody, what was learned about it.
void Worker::judge(Flight& flight, const delivery::Report& report) {
  DestinationQueue& lane = *flight.lane;
  const auto notice = lane.destination().report(report.attempt, wall_now_ms());
  if (notice) log_.say(notice->good ? Level::info : Level::error, notice->text);
  if (!report.attempt.remark.empty()) {
    log_.note(Level::warning, "version", report.attempt.remark, steady_now_ms());
  }
  if (notice || flight.pass.turn) lane.look_now();
  if (!report.attempt.tried) return;
  if (!is_overload(report.attempt)) {
    lane.concurrency().succeeded(flight.number);
  } else if (lane.concurrency().in_trouble(flight.number)) {
    log_.note(Level::warning, "throttled",
              printable(lane.settings().endpoint.url) + " is in trouble (" +
                  report.attempt.delivery.message + "): at most " +
                  std::to_string(lane.concurrency().limit()) + " in flight",
              steady_now_ms());
  }
}

void Worker::count(const PackedId& id, const delivery::Report& report,
                   const DestinationQueue& lane) {
  const delivery::Decision& decision = report.decision;
  const std::int64_t now = steady_now_ms();
  const auto about = [&] { return report.id + " (" + report.attempt.source_ref + ")"; };
  if (!report.settled.ok()) {
    // What is done is done; the entry, as it was, comes again and is found to be there already.
    trouble(id, report.settled);
    return;
  }
  switch (decision.fate) {
    case delivery::Fate::delivered:
      ++desk_.tally.delivered;
      desk_.tally.times.add(wall_now_ms() - static_cast<UnixMillis>(id.ms));
      desk_.roster.done(id);
      if (log_.verbose()) {
        log_.detail(about() + ": " + thehive::verdict_name(report.attempt.delivery.verdict) + " " +
                    printable(report.attempt.delivery.alert_id, 60));
      }
      return;
    case delivery::Fate::filtered:
      ++desk_.tally.filtered;
      desk_.roster.done(id);
      return;
    case delivery::Fate::dead:
      ++desk_.tally.dead;
      desk_.roster.done(id);
      log_.note(Level::error, "dead",
                about() + " moved to dead/: " + decision.reason.message +
                    "; see socctl queue list --state dead",
                now);
      return;
    case delivery::Fate::corrupt:
      ++desk_.tally.corrupt;
      desk_.roster.done(id);
      log_.note(Level::error, "corrupt", about() + " moved to corrupt/: " + decision.reason.message,
                now);
      return;
    case delivery::Fate::again: break;
  }
  if (!report.attempt.tried) {
    if (options_.once && decision.due_ms - wall_now_ms() > kBusyMs) {
      ++desk_.tally.postponed;
      desk_.roster.done(id);
    } else {
      busy(id, decision.due_ms);
    }
    return;
  }
  ++desk_.tally.postponed;
  const thehive::Verdict verdict = report.attempt.delivery.verdict;
  if (verdict == thehive::Verdict::retry) ++desk_.tally.unanswered;
  if (options_.once) {
    desk_.roster.done(id);
  } else {
    desk_.roster.put(id, decision.due_ms);
  }
  log_.note(Level::warning, std::string("again ") + thehive::verdict_name(verdict),
            about() + " not delivered to " + printable(lane.settings().endpoint.url) + ": " +
                report.attempt.delivery.message + "; it is tried again",
            now);
}

void Worker::give_everything_up() {
  std::vector<http::MultiClient::Ticket> tickets;
  for (const auto& [ticket, flight] : flights_) tickets.push_back(ticket);
  for (const auto ticket : tickets) {
    const auto at = flights_.find(ticket);
    Flight flight = std::move(at->second);
    flights_.erase(at);
    http::Outcome outcome = http_->give_up(ticket);
    // What was sent and not answered may have been acted on: the next try asks first.
    if (!flight.asking_key) flight.shipment->answered(std::move(outcome));
    if (!flight.shipment->finished()) flight.shipment->give_up(kStopping);
    settle(flight, true);
  }
}

}  // namespace socbridge::relay
