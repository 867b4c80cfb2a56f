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

// Count queries to TheHive, asked in turn: a few with each call, the ones whose answer is oldest
// first. Answers are numbers, so their cost does not grow with what there is. What none of a
// family's values has is a question too (docs/protocols/thehive.md, "Query filters"): the answers
// are of different moments, so it is not what is left of a sum.
class CountQuestions {
 public:
  // `api`: version 4 has no status of alerts, no stages and no resolutions as version 5 has.
  explicit CountQuestions(thehive::ApiVersion api);
  thehive::ApiVersion api() const { return api_; }

  // Values that questions are asked about from now on, kMostSources and kMostOwners at most. That
  // which is left has to be asked again then.
  void add_source(const std::string& source) { add_value(Family::alerts_source, source); }
  void add_owner(const std::string& owner) { add_value(Family::cases_owner, owner); }

  // Asks up to `most`, each question once. Ages count from `now_ms`. The first error ends it;
  // answers so far are kept.
  Status ask(thehive::Client& client, std::size_t most, UnixMillis now_ms,
             const Deadline& deadline);

  std::size_t size() const { return questions_.size(); }
  // Each question has an answer.
  bool complete() const;
  // Of all answers; a family with an open question is empty.
  TheHiveCounts counts() const;

  // Answers and whose turn it is, for load() of another process. A question that is asked no
  // longer, or an answer that is none, is passed over.
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
  // One for each value of a field, and one for all that has none of them.
  void add_values(Family family, const char* select, const char* field,
                  const std::vector<std::string>& values);
  void add_ages(Family family, const char* select, const std::string& filter);
  // The same for a value that was met. One that has the name of the rest is counted in it.
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
