// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/exit_code.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::health {

// Result of a check, from best to worst. docs/health.md lists all of them.
enum class State {
  skipped,   // not configured, nothing was checked
  ok,        // works
  unknown,   // no permission to read it, or the configuration is wrong
  degraded,  // works with a defect
  down,      // does not work
};
const char* state_name(State state);

// The cause of a state that is not ok, for programs.
enum class Cause {
  none,
  unreachable,     // no answer, or only server errors
  refused,         // not an answer of the product: a proxy's page, another server
  auth,            // the key is wrong or lacks a permission
  configuration,   // our own settings or files cannot be used
  version,         // an unsupported version
  slow,            // answered too late
  stale,           // nothing new for too long
  missing,         // a required object is missing
  reported_error,  // the product itself reports an error
};
const char* cause_name(Cause cause);
// unreachable, refused, auth and usage statuses by their exit codes.
Cause cause_of(const Status& status);

// The values from which a check is degraded or down.
struct Threshold {
  static constexpr std::int64_t kNever = -1;
  enum class Unit { duration, number, percent };  // duration: milliseconds
  enum class Bad { above, below };                // which side of the value
  std::string_view component, check;              // static storage, as `meaning`
  Unit unit = Unit::duration;
  Bad bad = Bad::above;
  std::int64_t degraded = kNever, down = kNever;
  std::string_view meaning;  // the measured quantity

  State evaluate(std::int64_t value) const;
  std::string name() const;  // "thehive licence"
};

struct Check {
  std::string name;  // "alerts index": stable, lower case
  State state = State::ok;
  Cause cause = Cause::none;
  std::string detail;                       // one printable line, no secrets
  std::string next;                         // what to do, empty if nothing
  std::optional<Threshold> threshold = {};  // if the value was compared with one
  std::int64_t took_ms = -1;                // of a stage of the canary; -1: not measured
};

// The findings of one component's probe.
struct Report {
  std::string component;         // "opensearch"
  std::string title;             // "OpenSearch"
  std::string url;               // the checked URL or path; empty if skipped
  std::string version;           // as reported by the product, or empty
  std::int64_t latency_ms = -1;  // of the first answer; -1: none
  std::vector<Check> checks;

  // The worst of its checks; skipped only if all are.
  State state() const;
  // The first check of the worst state; null without checks.
  const Check* worst() const;
};

// The stored result of a run: the state of each component.
struct PastRun {
  UnixMillis at_ms = 0;
  std::vector<std::pair<std::string, State>> components;
};

// All reports of one run.
struct Summary {
  UnixMillis checked_at_ms = 0;
  std::int64_t took_ms = 0;
  std::int64_t timeout_ms = 0;  // of the run
  std::int64_t again_ms = 0;    // until the next run of --watch; 0: none
  std::vector<Report> reports;
  std::vector<PastRun> history;  // the last runs and this one, oldest first; empty: not stored

  State state() const;
  std::size_t count(State state) const;  // components in this state
  // 5 if a component is down, 4 if a key was refused, 2 if a configuration is wrong, 3 if something
  // is degraded or unknown, else 0; the first match counts. A component that is down because of its
  // key gives 4.
  ExitCode exit_code() const;
  // 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN of monitoring plugins.
  int nagios_code() const;
};

}  // namespace socbridge::health
