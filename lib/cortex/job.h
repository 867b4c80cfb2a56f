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

// What an analyzer thinks of an observable, in the order of weight. `unknown` is not a verdict:
// less than `info`, and never "clean".
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

// One job, with its report if it was asked for (docs/protocols/cortex.md, "Jobs"). `input` of the
// job and of its report, which may hold the keys of analyzers, is dropped here and is nowhere in
// this.
struct Job {
  std::string id;
  std::string analyzer;     // name
  std::string analyzer_id;  // opaque
  std::string definition;
  JobStatus status = JobStatus::unknown;
  std::string status_text;  // as it came
  std::string type, value;  // of a file its name
  std::string label, message;
  std::string error;  // of a failure
  int tlp = 2, pap = 2;
  bool from_cache = false;
  std::int64_t created_ms = 0, start_ms = 0, end_ms = 0;  // Unix milliseconds; 0: not yet
  bool has_report = false;
  std::vector<Taxonomy> taxonomies;
  std::vector<Artifact> artifacts;
  // What `full` says where the taxonomies are silent although they should not be
  // (docs/protocols/cortex.md, "Reports").
  std::string note;
  std::string json;  // the whole job without `input`

  Level level() const;  // the heaviest; unknown without taxonomies
  // One line for people: taxonomies, the note, the error, or what it waits for.
  std::string summary() const;
};

Job read_job(json::Value value);

// The verdict that only an analyzer's `full` report contains, because its own summary stays empty:
// URLhaus, for a name or address that it lists. `analyzer`: name or definition. Empty: none.
std::optional<Taxonomy> verdict_of_full(std::string_view analyzer, json::Value full);

// What is said of a failure that came without a word.
inline constexpr const char* kNoReason = "the analyzer gave no reason";

// A failure's text in plainer words with what to do, or empty (docs/protocols/cortex.md, "Failure
// texts").
std::string explain_failure(std::string_view error_message);

}  // namespace socbridge::cortex
