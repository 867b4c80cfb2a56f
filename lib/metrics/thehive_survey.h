// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "base/time.h"
#include "json/value.h"
#include "json/writer.h"
#include "metrics/amount.h"
#include "metrics/count_questions.h"
#include "metrics/thehive_counts.h"
#include "thehive/client.h"

namespace socbridge::metrics {

// Polls one TheHive with few requests: a bounded number of objects that are new or changed since
// the last poll, and some of the count queries. For one thread.
class TheHiveSurvey {
 public:
  static constexpr std::size_t kMostRequests =
      10;  // per poll with Amount::part, including the version

  // Replaces kMostRequests; at least 8, so that each poll sends a count query.
  void ask_at_most(std::size_t requests) { most_requests_ = requests; }
  // One poll. Error: the first failed request; data read before it is kept.
  Status poll(thehive::Client& client, Amount amount, const Deadline& deadline);

  // Whether every count query was answered once.
  bool complete() const { return questions_ && questions_->complete(); }
  TheHiveCounts counts() const { return questions_ ? questions_->counts() : TheHiveCounts(); }
  const TheHiveEvents& events() const { return events_; }

  // The state, for load() in another process, which continues from it.
  void save(json::Writer& w) const;
  // Before the first poll. Invalid parts are skipped.
  void load(json::Value saved);

 private:
  // A time further ahead is wrong: a cursor there would hide all later objects.
  static constexpr std::int64_t kAheadMs = 86400000;
  // The position in one list: its last time, and the objects seen with that time.
  struct Cursor {
    bool started = false;
    std::int64_t time_ms = 0;
    std::set<std::string> seen;
  };
  struct List {
    const char* select;
    const char* field;  // a time that only grows, by which the list is sorted
  };
  // Evaluates one object; `since_ms`: the cursor's time before this page, 0 in the first poll.
  using Take = std::function<void(const json::Value& thing, std::int64_t since_ms)>;
  // Returns the number of objects on the page.
  Result<std::size_t> read(thehive::Client& client, const List& list, Cursor& cursor,
                           const Take& take, const Deadline& deadline);
  // Creates the count queries, again if TheHive's version changed.
  void ask_as(thehive::ApiVersion api);
  std::array<const Cursor*, 3> cursors() const {
    return {&new_alerts_, &changed_alerts_, &changed_cases_};
  }
  void new_alert(const json::Value& alert, std::int64_t since_ms);
  void changed_alert(const json::Value& alert, std::int64_t since_ms);
  void changed_case(const json::Value& item, std::int64_t since_ms);

  std::optional<CountQuestions> questions_;
  Cursor new_alerts_, changed_alerts_, changed_cases_;
  TheHiveEvents events_;
  std::size_t requests_ = 0;  // of this poll
  std::size_t most_requests_ = kMostRequests;
};

}  // namespace socbridge::metrics
