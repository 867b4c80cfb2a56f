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

// Keeps up with one TheHive by few requests each time: what is new or changed since the last look,
// a bounded number of things, and some of the count questions. For one thread.
class TheHiveSurvey {
 public:
  static constexpr std::size_t kMostRequests = 10;  // of one look in part, the version included

  // Instead of kMostRequests; 8 at least, so that with each look a count is asked for.
  void ask_at_most(std::size_t requests) { most_requests_ = requests; }
  // One look. Error: the first request that failed; what was learnt stays.
  Status look(thehive::Client& client, Amount amount, const Deadline& deadline);

  // Every count has been asked once.
  bool complete() const { return questions_ && questions_->complete(); }
  TheHiveCounts counts() const { return questions_ ? questions_->counts() : TheHiveCounts(); }
  const TheHiveEvents& events() const { return events_; }

  // What it knows, for load() of another process, which goes on from there.
  void save(json::Writer& w) const;
  // Before the first look. What cannot be is passed over.
  void load(json::Value saved);

 private:
  // Further ahead no clock is: a cursor at such a time would hide all that comes.
  static constexpr std::int64_t kAheadMs = 86400000;
  // Where reading one list has got to: its last time, and which things of that time were seen.
  struct Cursor {
    bool started = false;
    std::int64_t time_ms = 0;
    std::set<std::string> seen;
  };
  struct List {
    const char* select;
    const char* field;  // a time that only grows, in the order of the list
  };
  // What is new of a thing; `since_ms`: the cursor's time before this page, 0 at the first look.
  using Take = std::function<void(const json::Value& thing, std::int64_t since_ms)>;
  // The number of things on the page.
  Result<std::size_t> read(thehive::Client& client, const List& list, Cursor& cursor,
                           const Take& take, const Deadline& deadline);
  // Begins to ask, again if TheHive has become another version.
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
  std::size_t requests_ = 0;  // of this look
  std::size_t most_requests_ = kMostRequests;
};

}  // namespace socbridge::metrics
