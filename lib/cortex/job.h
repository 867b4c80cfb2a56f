// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace socbridge::cortex {

enum class JobStatus { waiting, in_progress, success, failure, deleted, unknown };
const char* job_status_name(JobStatus status);  // as Cortex spells it
JobStatus read_job_status(std::string_view text);
bool is_over(JobStatus status);

// The verdict of an analyzer, in ascending order of weight. `unknown` is not a verdict: it is less
// than `info`, and never means "clean".
enum class Level { unknown, info, safe, suspicious, malicious };
const char* level_text(Level level);

struct Taxonomy {
  Level level = Level::info;
  std::string space, predicate, value;  // value: text or number in Cortex
  // `VT:GetReport="12/70"`
  std::string text() const;
};

struct Artifact {
  std::string type, value;  // of a file its name
};

// One job, with its report if that was requested (docs/protocols/cortex.md, "Jobs"). `input` of the
// job and of its report may contain the keys of analyzers. It is dropped when a job is read.
struct Job {
  std::string id;
  std::string analyzer;     // name
  std::string analyzer_id;  // opaque
  std::string definition;
  JobStatus status = JobStatus::unknown;
  std::string status_text;  // as received
  std::string type, value;  // of a file its name
  std::string label, message;
  std::string error;  // of a failure
  int tlp = 2, pap = 2;
  bool from_cache = false;
  std::int64_t created_ms = 0, start_ms = 0, end_ms = 0;  // Unix milliseconds; 0: not yet
  bool has_report = false;
  std::vector<Taxonomy> taxonomies;
  std::vector<Artifact> artifacts;
  // What `full` says if taxonomies are missing that should exist (docs/protocols/cortex.md,
  // "Reports").
  std::string note;
  std::string json;  // the whole job without `input`

  Level level() const;  // the heaviest; unknown without taxonomies
  // One line for people: taxonomies, the note, the error, or the state.
  std::string summary() const;
};

Job read_job(json::Value value);

// The verdict that only the `full` report contains, because the analyzer's own summary is empty:
// URLhaus, for a listed name or address. `analyzer`: name or definition. Empty: no verdict.
std::optional<Taxonomy> verdict_of_full(std::string_view analyzer, json::Value full);

// Text for a failure without an error message.
inline constexpr const char* kNoReason = "the analyzer gave no reason";

// Explanation of a failure and what to do, or empty (docs/protocols/cortex.md, "Failure texts").
std::string explain_failure(std::string_view error_message);

}  // namespace socbridge::cortex
