// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "metrics/cortex_survey.h"

namespace socbridge::metrics {

void CortexSurvey::save(json::Writer& w) const {
  w.begin_object();
  w.member("turn", turn_);
  w.member("until", ended_until_ms_);
  w.key("counts");
  w.begin_array();
  for (const Count& one : counts_) {
    if (!one.answer) continue;
    w.begin_object();
    w.member("status", one.status);
    w.member("analyzer", one.analyzer_id);
    w.member("answer", *one.answer);
    w.member("asked", one.asked);
    w.end_object();
  }
  w.end_array();
  w.key("ended");
  w.begin_array();
  for (const EndedJobs::One& one : ended_.by_analyzer) {
    w.begin_object();
    w.member("analyzer", one.analyzer);
    w.member("status", one.status);
    w.member("count", one.count);
    w.end_object();
  }
  w.end_array();
  w.key("duration");
  ended_.duration.save(w);
  w.end_object();
}

// plan_counts() drops counts that are no longer needed.
void CortexSurvey::load(json::Value saved) {
  constexpr std::size_t kMost = 1000;
  const auto number = [](json::Value value) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(value.integer().value_or(0), 0));
  };
  turn_ = number(saved["turn"]);
  const std::int64_t until = saved["until"].integer().value_or(-1);
  ended_until_ms_ = until > wall_now_ms() + kAheadMs ? -1 : std::max<std::int64_t>(until, -1);
  const json::Value counts = saved["counts"];
  for (std::size_t i = 0; i < std::min(counts.size(), kMost); ++i) {
    Count& count = counts_.emplace_back();
    count.status = counts.at(i)["status"].text();
    count.analyzer_id = counts.at(i)["analyzer"].text();
    const auto answer = counts.at(i)["answer"].integer();
    if (answer && *answer >= 0) count.answer = static_cast<std::uint64_t>(*answer);
    count.asked = number(counts.at(i)["asked"]);
  }
  const json::Value ended = saved["ended"];
  for (std::size_t i = 0; i < std::min(ended.size(), kMost); ++i) {
    add_ended(ended.at(i)["analyzer"].text(), ended.at(i)["status"].text(),
              number(ended.at(i)["count"]));
  }
  ended_.duration.load(saved["duration"]);
}

}  // namespace socbridge::metrics
