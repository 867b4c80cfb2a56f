// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "base/time.h"
#include "json/value.h"
#include "json/writer.h"
#include "metrics/counts.h"
#include "metrics/thehive_counts.h"
#include "thehive/client.h"

namespace socbridge::metrics {

// Count queries to TheHive, sent in turn: a few per call, oldest answer first. Answers are numbers,
// so their cost does not depend on the number of objects. The rest of a family, objects with none
// of its values, has its own query (docs/protocols/thehive.md, "Query filters"): answers have
// different times, so it cannot be computed as a difference.
class CountQuestions {
 public:
  // `api`: version 4 lacks the statuses of alerts, the stages and the resolutions of version 5.
  explicit CountQuestions(thehive::ApiVersion api);
  thehive::ApiVersion api() const { return api_; }

  // Values to count from now on, at most kMostSources and kMostOwners. The query for the rest must
  // then be sent again.
  void add_source(const std::string& source) { add_value(Family::alerts_source, source); }
  void add_owner(const std::string& owner) { add_value(Family::cases_owner, owner); }

  // Sends up to `most` queries, each once. Ages are relative to `now_ms`. The first error ends it;
  // earlier answers are kept.
  Status ask(thehive::Client& client, std::size_t most, UnixMillis now_ms,
             const Deadline& deadline);

  std::size_t size() const { return questions_.size(); }
  // Whether each query has an answer.
  bool complete() const;
  // The counts of all answers; a family with an unanswered query is empty.
  TheHiveCounts counts() const;

  // Answers and their order, for load() in another process. Unknown queries and invalid answers are
  // skipped.
  void save(json::Writer& w) const;
  void load(json::Value saved);

 private:
  enum class Family {
    alerts_severity,
    alerts_status,
    alerts_source,
    alerts_age,
    cases_severity,
    cases_status,
    cases_custom_resolution,
    cases_age,
    cases_owner,
    observables_type,
    observables_ioc
  };
  struct Question {
    Family family;
    std::string label, select, filter;
    std::int64_t from_ms = 0, to_ms = 0;  // age; 0 and 0: any
    std::optional<std::uint64_t> answer = {};
  };
  void add(Family family, std::string label, const char* select, std::string filter);
  // One query for each value of a field, and one for objects with none of them.
  void add_values(Family family, const char* select, const char* field,
                  const std::vector<std::string>& values);
  void add_ages(Family family, const char* select, const std::string& filter);
  // The same for a value that was found. A value named like the rest is counted in the rest.
  void add_value(Family family, const std::string& value);
  bool knows(Family family, const std::string& label) const;
  Counts family(Family family) const;
  std::optional<std::uint64_t> single(Family family) const;
  static std::string name_of(const Question& question);

  thehive::ApiVersion api_;
  std::string open_case_;  // filter
  std::vector<Question> questions_;
  std::size_t next_ = 0;
};

}  // namespace socbridge::metrics
