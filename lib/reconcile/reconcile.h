// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "mapping/options.h"
#include "reconcile/alert_files.h"
#include "reconcile/alert_source.h"
#include "reconcile/destination.h"
#include "reconcile/policy.h"
#include "reconcile/spooled_references.h"

namespace socbridge::reconcile {

struct Counts {
  std::uint64_t alerts_read = 0;     // alerts of the window that the source gave
  std::uint64_t not_forwarded = 0;   // of these: left out by policy
  std::uint64_t by_block = 0;        // of the not forwarded: no integration block takes them
  std::uint64_t elsewhere = 0;       // of the not forwarded: sent to other destinations only
  std::uint64_t present = 0;         // in TheHive
  std::uint64_t queued = 0;          // accepted, waiting in queue/ of the spool
  std::uint64_t held = 0, dead = 0;  // in hold/ or dead/: a person has to act
  std::uint64_t capped = 0;          // counted in a summary of the rate cap
  std::uint64_t missing = 0;         // in none of these when asked
  std::uint64_t filled = 0;          // of the missing: created now
  std::uint64_t refused = 0;         // of the missing: TheHive will not take it
  std::uint64_t without_case = 0;    // in TheHive, and still not in the case that it was to get
  std::uint64_t promoted = 0;        // of the present: put into that case now
  std::uint64_t not_alerts = 0;      // lines that are no alert; not part of `alerts_read`
  std::uint64_t outside = 0;         // alerts of other times; not part of `alerts_read`

  // Something was read, and nothing of it was an alert.
  bool only_other() const { return not_alerts > 0 && alerts_read == 0 && outside == 0; }
  std::uint64_t forwarded() const { return alerts_read - not_forwarded; }
  std::uint64_t gaps() const { return missing - filled + held + dead + without_case; }
  // Forwarded, but the run stopped before TheHive was asked.
  std::uint64_t not_asked() const {
    return forwarded() - present - queued - held - dead - capped - missing;
  }
};

// State of an alert that was not found in TheHive, or not in the case that it was to get.
enum class FindingKind {
  missing,
  filled,
  refused,
  not_sent,
  held,
  dead,
  not_alert,
  without_case,
  promoted
};
const char* kind_name(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::missing;
  std::string source_ref, rule_id, agent, place, message, alert_id;
  UnixMillis time_ms = 0;  // 0: none
  int level = 0;
  int http_status = 0;
};

struct Plan {
  Window window;
  bool dry_run = false;
  std::string state_dir = {};  // of the spool: who is in which group; may be empty
  // Age from which on an alert gets the case that its sender did not make: senders on other
  // machines may still work on a younger one. 0 where all of them share the spool's locks.
  UnixMillis case_age_ms = 300000;
  std::size_t batch = 200;  // references in one question, and at most 16 MiB of alerts
};

struct Hooks {
  std::function<void(const Finding&)> on_finding;
  std::function<void(const Counts&, const Reading&)> on_progress;  // now and then
  std::function<bool()> stop;                                      // Ctrl-C
  // Keeps the resume point; nothing before it has to be read again. Empty: not wanted.
  std::function<Status(const std::string& position_json, UnixMillis time_ms)> save;
};

struct Report {
  Counts counts;
  Unread unread;
  Reading reading;
  std::uint64_t not_sent = 0;  // known to be missing when the run stopped
  Status stopped;              // why the run ended early: auth, unreachable, refused, interrupted
  Status save_error;           // first failure to keep the resume point

  // ok: everything fired is in TheHive, filtered or queued. degraded: gaps remain, or something
  // could not be read. bad_input: all that was read is no alert. Otherwise why the run stopped.
  ExitCode code() const;
};

// Where alerts belong, and which of them are on their way there.
struct Scope {
  const std::vector<Route>& routes;
  const SpooledReferences& queued;
};

// Compares what was fired with what TheHive has, and sends what is missing. Memory is bounded by
// one batch, however much is read. Safe to repeat and to run beside custom-w2thive: an alert that
// arrives meanwhile is a duplicate to TheHive, and counted as present. An alert of a group is
// present if its group's alert is there and has it; if the members of the group are unknown, the
// group's alert is enough. There is at least one route, and all lead to the same TheHive. An alert
// that was created to be promoted, and that its sender left without a case, gets it: one with the
// tag of the promotion that the rules want, which was not changed since. It has to be of the age
// that the plan wants; a younger one is a gap, and the next run looks again.
Report run(Env& env, AlertSource& source, const Scope& scope, const Plan& plan, const Hooks& hooks);

}  // namespace socbridge::reconcile
