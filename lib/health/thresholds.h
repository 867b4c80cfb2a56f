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

// All thresholds with their defaults. Each is one row of the table in thresholds.cc, from which
// docs/health.md and the schema are generated.
class Thresholds {
 public:
  Thresholds();  // the defaults

  // The threshold of a check; `component` and `check` must be in the table.
  const Threshold& of(std::string_view component, std::string_view check) const;
  const std::vector<Threshold>& all() const { return all_; }

  // Sets the degraded level of the first answers of all components, or of data that is written all
  // the time. For command line options, which override the configuration.
  void set_slow(std::int64_t ms) { set_degraded("answer", ms); }
  void set_fresh(std::int64_t ms);

  // Applies the section "health" of socctl's configuration:
  //   "health": { "thehive": { "licence": { "degraded": "30d", "down": "2d" } } }
  // Returns all errors, in the order of the file. Usage errors with file, line and column: an
  // unknown name, a repeated one (the first counts), a value of the wrong kind, a `down` that is
  // reached before `degraded`. After config::kMostErrors the last one says that more follow.
  // Correct values before that are applied anyway.
  std::vector<Status> read(Env& env, const profile::Flags& flags,
                           const profile::SystemPaths& system);
  // The same from a section that was already read.
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
