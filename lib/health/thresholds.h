// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "health/report.h"
#include "profile/profile.h"
#include "profile/section.h"

namespace socbridge::health {

// All that are compared with something that was measured, with their defaults. Each value that a
// person may want to have compared otherwise is one row of the table in thresholds.cc;
// docs/health.md and the schema are written from it.
class Thresholds {
 public:
  Thresholds();  // the defaults

  // The threshold of a check; `component` and `check` must be in the table.
  const Threshold& of(std::string_view component, std::string_view check) const;
  const std::vector<Threshold>& all() const { return all_; }

  // Degraded from then on: the first answers of all components, and what must be written all the
  // time. For options of the command line, which win over the configuration.
  void set_slow(std::int64_t ms) { set_degraded("answer", ms); }
  void set_fresh(std::int64_t ms);

  // The section "health" of socctl's configuration over what is there:
  //   "health": { "thehive": { "licence": { "degraded": "30d", "down": "2d" } } }
  // Each mistake, in the order of the file; empty if there is none. Usage, with file, line and
  // column: an unknown name, one that is there twice (the first counts), a value of the wrong kind,
  // a `down` that is reached before `degraded`. Of more than config::kMostErrors the last says that
  // more follow. What is right before that is taken nevertheless.
  std::vector<Status> read(Env& env, const profile::Flags& flags,
                           const profile::SystemPaths& system);
  // The same from a section that was found.
  std::vector<Status> read(const profile::Section& section);

 private:
  void set_degraded(std::string_view check, std::int64_t value);
  std::vector<Threshold> all_;
};

// JSON Schema of the section, as JSON text.
std::string threshold_schema();

// "14d", "90m", "5", "never": as the section has it.
std::string threshold_text(const Threshold& threshold, std::int64_t value);

}  // namespace socbridge::health
