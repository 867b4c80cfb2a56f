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
  std::uint64_t alerts_read = 0;     // alerts of the window from the source
  std::uint64_t not_forwarded = 0;   // of these: excluded by policy
  std::uint64_t by_block = 0;        // of the not forwarded: no integration block accepts them
  std::uint64_t elsewhere = 0;       // of the not forwarded: sent to other destinations only
  std::uint64_t present = 0;         // in TheHive
  std::uint64_t queued = 0;          // accepted, waiting in queue/ of the spool
  std::uint64_t held = 0, dead = 0;  // in hold/ or dead/: a person must act
  std::uint64_t capped = 0;          // counted in a summary of the rate cap
  std::uint64_t missing = 0;         // in none of these
  std::uint64_t filled = 0;          // of the missing: created now
  std::uint64_t refused = 0;         // of the missing: TheHive refuses them
  std::uint64_t without_case = 0;    // in TheHive, but still not in their case
  std::uint64_t promoted = 0;        // of the present: added to their case now
  std::uint64_t not_alerts = 0;      // lines that are not an alert; not part of `alerts_read`
  std::uint64_t outside = 0;         // alerts outside the window; not part of `alerts_read`

  // Something was read, and none of it was an alert.
  bool only_other() const { return not_alerts > 0 && alerts_read == 0 && outside == 0; }
  std::uint64_t forwarded() const { return alerts_read - not_forwarded; }
  std::uint64_t gaps() const { return missing - filled + held + dead + without_case; }
  // Forwarded, but the run stopped before TheHive was queried.
  std::uint64_t not_asked() const {
    return forwarded() - present - queued - held - dead - capped - missing;
  }
};

// State of an alert that was not found in TheHive, or not in its case.
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
  std::string state_dir = {};  // of the spool, with the members of groups; may be empty
  // Age from which an alert without its case gets it: senders on other machines may still work on
  // younger ones. 0 if all senders share the spool's locks.
  UnixMillis case_age_ms = 300000;
  std::size_t batch = 200;  // references per query; a batch has at most 16 MiB of alerts
};

struct Hooks {
  std::function<void(const Finding&)> on_finding;
  std::function<void(const Counts&, const Reading&)> on_progress;  // called at intervals
  std::function<bool()> stop;                                      // Ctrl-C
  // Stores the resume point: the next run starts there. Empty: not stored.
  std::function<Status(const std::string& position_json, UnixMillis time_ms)> save;
};

struct Report {
  Counts counts;
  Unread unread;
  Reading reading;
  std::uint64_t not_sent = 0;  // of the missing: not sent when the run stopped
  Status stopped;              // why the run ended early: auth, unreachable, refused, interrupted
  Status save_error;           // first failure to store the resume point

  // ok: every fired alert is in TheHive, filtered or queued. degraded: gaps remain, or something
  // could not be read. bad_input: none of the input is an alert. Otherwise the reason why the run
  // stopped.
  ExitCode code() const;
};

// The routes of alerts, and the alerts that wait in the spool.
struct Scope {
  const std::vector<Route>& routes;
  const SpooledReferences& queued;
};

// Compares the fired alerts with TheHive, and sends the missing ones. Memory is bounded by one
// batch. Safe to repeat and to run beside custom-w2thive: an alert that arrives meanwhile is a
// duplicate to TheHive and counts as present. An alert of a group is present if the group's alert
// exists and has it; if the members of the group are unknown, the group's alert is enough. There is
// at least one route, and all lead to the same TheHive. An alert that was created for promotion,
// but was left without a case, is added to one if it has the tag of the promotion that the rules
// require, was not changed since, and is as old as the plan requires. A younger one counts as a
// gap; the next run checks it again.
Report run(Env& env, AlertSource& source, const Scope& scope, const Plan& plan, const Hooks& hooks);

}  // namespace socbridge::reconcile
