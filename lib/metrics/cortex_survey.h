// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "base/time.h"
#include "cortex/client.h"
#include "json/value.h"
#include "json/writer.h"
#include "metrics/amount.h"
#include "metrics/counts.h"
#include "metrics/histogram.h"

namespace socbridge::metrics {

// How much of its limit an analyzer has left, by the jobs that Cortex shows.
struct QuotaLeft {
  std::string analyzer;
  std::uint64_t limit = 0, left = 0;
};

// Jobs that ended since we look.
struct EndedJobs {
  struct One {
    std::string analyzer, status;
    std::uint64_t count = 0;
  };
  std::vector<One> by_analyzer;
  Histogram duration;
};

// Keeps up with one Cortex: the newest jobs and the analyzers with each look. Counts that the
// newest jobs do not have in full are asked for in turn, the one with the oldest answer first. For
// one thread.
class CortexSurvey {
 public:
  static constexpr std::size_t kMostRequests = 4;  // of one look in part
  static constexpr std::size_t kMostLimited = 12, kMostAnalyzers = 60;

  // One look. Error: the first request that failed; what was learnt stays.
  Status look(cortex::Client& client, Amount amount, UnixMillis now_ms, const Deadline& deadline);

  // Every count of the last look has an answer.
  bool complete() const;
  // Of the key's organisation, by status; empty while one of them has no answer.
  Counts jobs() const;
  // Of those that have an answer.
  std::vector<QuotaLeft> quotas() const;
  const EndedJobs& ended() const { return ended_; }

  // What it knows, for load() of another process, which goes on from there.
  void save(json::Writer& w) const;
  // Before the first look. What cannot be is passed over.
  void load(json::Value saved);

 private:
  // Further ahead no clock is: an end at such a time would hide all others.
  static constexpr std::int64_t kAheadMs = 86400000;
  // A number of jobs.
  struct Count {
    std::string status;                 // of all jobs with it, or
    std::string analyzer_id, analyzer;  // of an analyzer with a limit
    std::uint64_t limit = 0;            // how many it may start
    std::int64_t window_ms = 0;         // in this time
    std::optional<std::uint64_t> answer = {};
    std::uint64_t asked = 0;  // in which turn
  };
  void note_ended(const cortex::Client::Page& page, UnixMillis now_ms);
  void add_ended(const std::string& analyzer, const std::string& status, std::uint64_t count = 1);
  void plan_counts(const std::vector<cortex::Analyzer>& analyzers);
  // From the newest jobs, if all that it counts are among them.
  static bool count_from(const cortex::Client::Page& page, UnixMillis now_ms, Count& count);

  std::vector<Count> counts_;
  std::uint64_t turn_ = 0;
  EndedJobs ended_;
  std::int64_t ended_until_ms_ = -1;
};

}  // namespace socbridge::metrics
