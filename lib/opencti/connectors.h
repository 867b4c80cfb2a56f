// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opencti/client.h"

namespace socbridge::opencti {

// A connector as OpenCTI shows it (docs/protocols/opencti.md, "Connectors and works"). Times are 0
// if they are not known.
struct Connector {
  std::string id, name, type;  // type: EXTERNAL_IMPORT, INTERNAL_ENRICHMENT, STREAM, …
  bool active = false;         // pinged within the last five minutes; says nothing about data
  bool buffering = false;      // its queue is full, it skips runs
  bool run_once = false;       // as it reported itself; MITRE never does
  UnixMillis pinged_ms = 0;
  // The last run that succeeded: what its own state says; without that what it reported; without
  // that too its newest work that came to its end without errors. A work that was only started is
  // no run.
  UnixMillis last_run_ms = 0;
  UnixMillis next_run_ms = 0;
  std::int64_t queued = 0;  // messages waiting: its own and those that it pushed
  std::string work_status;  // of the newest work: wait, progress, complete, timeout; or empty
  UnixMillis work_started_ms = 0;
  std::string last_error;  // of the newest work; printable, one line
  std::size_t errors = 0;  // of the newest work
};

struct Connectors {
  std::vector<Connector> connectors;
  std::int64_t workers = -1;  // that take data in; -1: not known
};
// One round trip. Needs the capability MODULES.
Result<Connectors> list_connectors(Client& client, const Deadline& deadline);

// `last_run` of a connector's own state: Unix seconds, or a time as text. 0 if there is none.
UnixMillis last_run_of_state(std::string_view state_json);

// What is expected of a connector. OpenCTI knows neither its period nor, of MITRE, that it runs
// once and ends: both are ours to say.
struct Schedule {
  enum class Mode {
    always,    // a process that pings: down if it does not
    periodic,  // runs every `period_ms`, stays or ends in between: `active` means nothing
  };
  std::string name;                // how --expect names it
  std::vector<std::string> match;  // ids, or words in the connector's name
  Mode mode = Mode::periodic;
  std::int64_t period_ms = 0;
  std::int64_t slack_ms = 0;
};
// mitre (weekly), alienvault, abuseipdb (nightly), virustotal (always there).
const std::vector<Schedule>& usual_schedules();
bool fits(const Schedule& schedule, const Connector& connector);

enum class Health { ok, degraded, stale, down, missing };
const char* health_name(Health health);
struct Verdict {
  Health health = Health::ok;
  std::string reason;  // one line for people, empty if all is well
};
// `schedule` may be null: then only what needs no period is checked. Pure.
Verdict evaluate(const Connector& connector, const Schedule* schedule, UnixMillis now_ms);

}  // namespace socbridge::opencti
