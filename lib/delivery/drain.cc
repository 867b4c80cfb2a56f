// SPDX-License-Identifier: Apache-2.0
#include "delivery/drain.h"

#include <memory>
#include <optional>
#include <utility>

#include "delivery/backlog.h"
#include "delivery/undecided.h"
#include "integration/settings_lookup.h"

namespace socbridge::delivery {
namespace {

// The settings of another block, and a client for them.
struct OtherBlock {
  explicit OtherBlock(std::shared_ptr<const integration::Settings> found)
      : settings(std::move(found)), http(settings->http) {}
  std::shared_ptr<const integration::Settings> settings;
  http::Client http;
};

enum class Next { delivered, go_on, stop };

void move_damaged(const Drain& drain, spool::Claim claim, const Status& why) {
  const std::string id = claim.id();
  if (why.code() != ExitCode::bad_input) {
    drain.log("WARNING", "cannot read entry " + id + ": " + why.line());
    return;
  }
  spool::Reason reason;
  reason.at_ms = wall_now_ms();
  reason.kind = "damaged";
  reason.message = why.message();
  const Status moved =
      drain.spool.move(std::move(claim), spool::State::corrupt, reason, spool::Counted::corrupt);
  drain.log("ERROR",
            "entry " + id + " cannot be sent: " + why.message() +
                (moved.ok() ? "; kept in " + drain.spool.dir() + "/corrupt" : "; " + moved.line()));
}

// Whether the process's own settings have the entry's destination.
bool has_same_target(const spool::Entry& entry, const spool::Entry& like) {
  return entry.integration == like.integration && entry.hook_url == like.hook_url &&
         entry.destination == like.destination;
}

// After a failure that concerns the own server, the other entries would fail too.
Next deliver(const Drain& drain, spool::Claim claim, const spool::Entry& entry, OtherBlock* other,
             const Deadline& deadline) {
  SendPolicy policy;
  policy.spool = &drain.spool;
  policy.log = drain.log;
  Sender sender(drain.env, other != nullptr ? other->http : drain.http,
                other != nullptr ? *other->settings : drain.settings, std::move(policy));
  AlertInput input;
  input.raw = entry.alert;
  const Report report =
      sender.send(input, {drain.spool, std::move(claim), entry.accepted_ms}, deadline);
  if (report.outcome.arrived()) return Next::delivered;
  if (other != nullptr) return Next::go_on;
  if (!report.decision) return Next::stop;
  const bool only_this_alert = report.outcome.kind == Outcome::Kind::alert_failed ||
                               report.outcome.kind == Outcome::Kind::blocked;
  const bool failed = report.outcome.tried() && report.decision->disposition == Disposition::retry;
  return failed && !only_this_alert ? Next::stop : Next::go_on;
}

}  // namespace

int drain(const Drain& drain, const Deadline& deadline) {
  constexpr int kMostSkipped = 8;
  Backlog backlog(drain.spool.env(), drain.spool, drain.settings.retry);
  std::optional<integration::SettingsLookup> lookup;
  int arrived = 0;
  int skipped = 0;
  for (int tried = 0; tried < drain.settings.drain_max && skipped < kMostSkipped;) {
    if (deadline.passed()) break;
    auto claim = backlog.next(wall_now_ms());
    if (!claim) break;
    auto entry = drain.spool.load(*claim);
    if (!entry.ok()) {
      move_damaged(drain, std::move(*claim), entry.status());
      ++skipped;
      continue;
    }
    if (entry->destination == spool::kUndecided) {
      if (!lookup) lookup.emplace(drain.env, drain.home);
      const auto decided = decide_destinations(drain.spool, *lookup, *claim, *entry);
      if (!decided.ok() || decided->replaced) {  // a replacement is due at once
        ++skipped;
        continue;
      }
    }
    std::optional<OtherBlock> other;
    const bool same_target = has_same_target(*entry, drain.like);
    if (!same_target || entry->options != drain.like.options) {
      if (!lookup) lookup.emplace(drain.env, drain.home);
      auto found = lookup->of(*entry);
      if (found.ok()) {
        other.emplace(std::move(*found));
      } else if (!same_target) {  // left to a process that has the key
        ++skipped;
        continue;
      }
    }
    ++tried;
    const Next next =
        deliver(drain, std::move(*claim), *entry, other ? &*other : nullptr, deadline);
    if (next == Next::stop) break;
    if (next == Next::delivered) ++arrived;
  }
  return arrived;
}

}  // namespace socbridge::delivery
