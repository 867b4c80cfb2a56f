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
// if unknown.
struct Connector {
  std::string id, name, type;  // type: EXTERNAL_IMPORT, INTERNAL_ENRICHMENT, STREAM, …
  bool active = false;  // pinged within the last five minutes; does not show that it imports data
  bool buffering = false;  // its queue is full, it skips runs
  bool run_once = false;   // as reported by itself; MITRE never reports it
  UnixMillis pinged_ms = 0;
  // The last successful run: by its own state, else as reported by itself, else its newest work
  // that ended without errors. A work that was only started does not count.
  UnixMillis last_run_ms = 0;
  UnixMillis next_run_ms = 0;
  std::int64_t queued = 0;  // waiting messages: its own and those that it pushed
  std::string work_status;  // of the newest work: wait, progress, complete, timeout; or empty
  UnixMillis work_started_ms = 0;
  std::string last_error;  // of the newest work; printable, one line
  std::size_t errors = 0;  // of the newest work
};

struct Connectors {
  std::vector<Connector> connectors;
  std::int64_t workers = -1;  // that import data; -1: unknown
};
// One round trip. Needs the capability MODULES.
Result<Connectors> list_connectors(Client& client, const Deadline& deadline);

// `last_run` of a connector's own state: Unix seconds, or a time as text. 0 if there is none.
UnixMillis last_run_of_state(std::string_view state_json);

// What is expected of a connector. OpenCTI does not know its period, nor that MITRE runs once and
// ends; both are defined here.
struct Schedule {
  enum class Mode {
    always,    // a process that must ping, else it is down
    periodic,  // runs every `period_ms`, may end in between: `active` is not checked
  };
  std::string name;                // its name in --expect
  std::vector<std::string> match;  // ids, or words in the connector's name
  Mode mode = Mode::periodic;
  std::int64_t period_ms = 0;
  std::int64_t slack_ms = 0;
};
// mitre (weekly), alienvault, abuseipdb (nightly), virustotal (always running).
const std::vector<Schedule>& usual_schedules();
bool fits(const Schedule& schedule, const Connector& connector);

enum class Health { ok, degraded, stale, down, missing };
const char* health_name(Health health);
struct Verdict {
  Health health = Health::ok;
  std::string reason;  // one line for people, empty if ok
};
// `schedule` may be null: then checks that need the period are skipped. Pure.
Verdict evaluate(const Connector& connector, const Schedule* schedule, UnixMillis now_ms);

}  // namespace socbridge::opencti
