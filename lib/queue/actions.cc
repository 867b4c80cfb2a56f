// SPDX-License-Identifier: Apache-2.0
#include "queue/actions.h"

#include <optional>
#include <utility>

#include "spool/reason.h"

namespace socbridge::queue {
namespace {

using spool::State;

bool applies(QueueVerb verb, State state) {
  switch (verb) {
    case QueueVerb::flush:
    case QueueVerb::hold: return state == State::queue;
    case QueueVerb::release: return state == State::hold;
    case QueueVerb::requeue: return state != State::queue;
    case QueueVerb::drop: return true;
  }
  return false;
}

std::string not_here(QueueVerb verb, State state) {
  const std::string where = std::string("it is in ") + spool::state_name(state) + "/";
  switch (verb) {
    case QueueVerb::flush: return where + ", flush is for queue/; see release and requeue";
    case QueueVerb::hold: return where + ", hold is for queue/";
    case QueueVerb::release: return where + ", release is for hold/; see requeue";
    case QueueVerb::requeue: return where + " already; see flush";
    case QueueVerb::drop: break;
  }
  return where;
}

spool::Reason kept_or_new(spool::Spool& spool, const spool::Claim& claim) {
  return spool.reason(claim.state(), claim.id()).value_or(spool::Reason{});
}

// The claim is held during the move, so that no process sends the entry before it is due again.
Status to_queue(spool::Spool& spool, spool::Claim claim, const spool::Reason& reason,
                UnixMillis now_ms) {
  const Status due = spool.reschedule(claim, now_ms);
  return due.ok() ? spool.move(std::move(claim), State::queue, reason) : due;
}

Status change(spool::Spool& spool, QueueVerb verb, spool::Claim claim, UnixMillis now_ms) {
  switch (verb) {
    case QueueVerb::flush: return spool.reschedule(claim, now_ms);
    case QueueVerb::hold: {
      spool::Reason reason = kept_or_new(spool, claim);
      if (reason.kind.empty()) {
        reason.at_ms = now_ms;
        reason.kind = "held";
        reason.message = "held by an operator";
      }
      return spool.move(std::move(claim), State::hold, reason);
    }
    case QueueVerb::release: {
      const spool::Reason reason = kept_or_new(spool, claim);
      return to_queue(spool, std::move(claim), reason, now_ms);
    }
    case QueueVerb::requeue: {
      // The last request may have been acted on: the next attempt must query it.
      const spool::Reason before = kept_or_new(spool, claim);
      spool::Reason reason;
      reason.at_ms = now_ms;
      reason.kind = "requeued";
      reason.message = before.message;
      reason.ambiguous = before.ambiguous;
      return to_queue(spool, std::move(claim), reason, now_ms);
    }
    case QueueVerb::drop: return spool.remove(std::move(claim), spool::Counted::dropped);
  }
  return {};
}

}  // namespace

const char* queue_result_name(QueueResult result) {
  switch (result) {
    case QueueResult::done: return "done";
    case QueueResult::in_flight: return "in_flight";
    case QueueResult::gone: return "gone";
    case QueueResult::not_here: return "not_here";
    case QueueResult::failed: return "failed";
  }
  return "";
}

QueueOutcome act_on(spool::Spool& spool, QueueVerb verb, const QueueEntry& entry, bool dry_run,
                    UnixMillis now_ms) {
  if (!applies(verb, entry.state)) {
    return {QueueResult::not_here, not_here(verb, entry.state)};
  }
  if (dry_run) {
    if (entry.in_flight) return {QueueResult::in_flight, "locked by another process"};
    return {};
  }
  auto claim = spool.claim(entry.state, entry.id);
  if (!claim.ok()) return {QueueResult::failed, claim.status().line()};
  if (!claim->has_value()) {
    if (spool.env().lstat(spool.entry_path(entry.state, entry.id)).ok()) {
      return {QueueResult::in_flight, "locked by another process; try again in a moment"};
    }
    return {QueueResult::gone, "it was delivered or moved meanwhile"};
  }
  const Status status = change(spool, verb, std::move(**claim), now_ms);
  if (!status.ok()) return {QueueResult::failed, status.line()};
  return {};
}

}  // namespace socbridge::queue
