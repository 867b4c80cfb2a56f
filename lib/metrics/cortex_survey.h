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

// The remaining quota of an analyzer, by the jobs in Cortex.
struct QuotaLeft {
  std::string analyzer;
  std::uint64_t limit = 0, left = 0;
};

// Jobs that ended since the first poll.
struct EndedJobs {
  struct One {
    std::string analyzer, status;
    std::uint64_t count = 0;
  };
  std::vector<One> by_analyzer;
  Histogram duration;
};

// Polls one Cortex: each poll reads the newest jobs and the analyzers. Counts that need more than
// the newest jobs are queried in turn, oldest answer first. For one thread.
class CortexSurvey {
 public:
  static constexpr std::size_t kMostRequests = 4;  // per poll with Amount::part
  static constexpr std::size_t kMostLimited = 12, kMostAnalyzers = 60;

  // One poll. Error: the first failed request; data read before it is kept.
  Status poll(cortex::Client& client, Amount amount, UnixMillis now_ms, const Deadline& deadline);

  // Whether every count has an answer.
  bool complete() const;
  // The jobs of the key's organisation, by status; empty while a status has no answer.
  Counts jobs() const;
  // The quotas of analyzers whose count has an answer.
  std::vector<QuotaLeft> quotas() const;
  const EndedJobs& ended() const { return ended_; }

  // The state, for load() in another process, which continues from it.
  void save(json::Writer& w) const;
  // Before the first poll. Invalid parts are skipped.
  void load(json::Value saved);

 private:
  // A job that ends later than this from now has a wrong time, which would hide all others.
  static constexpr std::int64_t kAheadMs = 86400000;
  // One count of jobs.
  struct Count {
    std::string status;                 // of all jobs with this status, or
    std::string analyzer_id, analyzer;  // of an analyzer with a limit
    std::uint64_t limit = 0;            // how many it may start
    std::int64_t window_ms = 0;         // in this time
    std::optional<std::uint64_t> answer = {};
    std::uint64_t asked = 0;  // order of the last query
  };
  void note_ended(const cortex::Client::Page& page, UnixMillis now_ms);
  void add_ended(const std::string& analyzer, const std::string& status, std::uint64_t count = 1);
  void plan_counts(const std::vector<cortex::Analyzer>& analyzers);
  // Computes the count from the newest jobs, if they include all that it counts.
  static bool count_from(const cortex::Client::Page& page, UnixMillis now_ms, Count& count);

  std::vector<Count> counts_;
  std::uint64_t turn_ = 0;
  EndedJobs ended_;
  std::int64_t ended_until_ms_ = -1;
};

}  // namespace socbridge::metrics
