// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/exit_code.h"
#include "base/status.h"
#include "config/settings.h"
#include "opencti/connectors.h"
#include "profile/profile.h"
#include "profile/section.h"

namespace socbridge::context {

// The keys of one connector in the section "connectors".
const config::Schema& schedule_schema();

// The expected schedules of connectors: the usual ones, changed and extended by the
// section "connectors" of socctl's configuration:
//   "connectors": { "mitre": { "every": "7d", "slack": "1d" },
//                   "misp": { "match": ["MISP"], "mode": "periodic", "every": "1h" } }
// Errors (usage) name the place and the nearest key.
Result<std::vector<opencti::Schedule>> read_schedules(Env& env, const profile::Flags& flags,
                                                      const profile::SystemPaths& system);

// The same from a section that was already read, or none.
Result<std::vector<opencti::Schedule>> read_schedules(const profile::Section& section);

// The schedules with these names. Usage error for an unknown one, with the nearest.
Result<std::vector<opencti::Schedule>> choose(const std::vector<opencti::Schedule>& schedules,
                                              const std::vector<std::string>& names);

struct ConnectorLine {
  opencti::Connector connector;  // a missing one has only the name
  std::string expected_as;       // name of its schedule, or empty
  std::string every;             // "7d", "always", or empty
  opencti::Verdict verdict;
  bool counts = true;  // for the exit code
};

// Every connector with its verdict, and a line for each missing expected one. With `expected`, only
// these count.
std::vector<ConnectorLine> report(const opencti::Connectors& found,
                                  const std::vector<opencti::Schedule>& schedules,
                                  const std::vector<opencti::Schedule>& expected,
                                  UnixMillis now_ms);

std::string to_json(const ConnectorLine& line);

// ok, or degraded if a connector that counts is not ok or there is no worker.
ExitCode exit_code_of(const std::vector<ConnectorLine>& lines, const opencti::Connectors& found);

}  // namespace socbridge::context
