// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "metrics/thehive_survey.h"

namespace socbridge::metrics {
namespace {

constexpr std::int64_t kOld = 4, kNew = 5;
constexpr std::size_t kMostSeen = 10000;
constexpr std::array<const char*, 3> kCursors = {"new_alerts", "changed_alerts", "changed_cases"};

}  // namespace

void TheHiveSurvey::save(json::Writer& w) const {
  w.begin_object();
  if (questions_) {
    w.member("api", questions_->api() == thehive::ApiVersion::v4 ? kOld : kNew);
    w.key("questions");
    questions_->save(w);
  }
  for (std::size_t i = 0; i < kCursors.size(); ++i) {
    const Cursor& cursor = *cursors().at(i);
    if (!cursor.started) continue;
    w.key(kCursors.at(i));
    w.begin_object();
    w.member("time", cursor.time_ms);
    w.key("seen");
    w.begin_array();
    for (const std::string& id : cursor.seen) w.value(id);
    w.end_array();
    w.end_object();
  }
  w.key("severities");
  events_.new_alerts.save(w);
  w.key("groups");
  events_.new_alerts_by_group.save(w);
  w.key("arrival");
  events_.arrival.save(w);
  w.key("first_look");
  events_.first_look.save(w);
  w.key("resolution");
  events_.resolution.save(w);
  w.end_object();
}

void TheHiveSurvey::load(json::Value saved) {
  const auto api = saved["api"].integer();
  if (api != kOld && api != kNew) return;
  const std::array<Cursor*, 3> into = {&new_alerts_, &changed_alerts_, &changed_cases_};
  for (std::size_t i = 0; i < kCursors.size(); ++i) {
    const json::Value cursor = saved[kCursors.at(i)];
    const auto time = cursor["time"].integer();
    if (!time || *time <= 0 || *time > wall_now_ms() + kAheadMs) continue;
    into.at(i)->started = true;
    into.at(i)->time_ms = *time;
    const json::Value seen = cursor["seen"];
    for (std::size_t k = 0; k < std::min(seen.size(), kMostSeen); ++k) {
      into.at(i)->seen.insert(seen.at(k).text());
    }
  }
  events_.new_alerts.load(saved["severities"]);
  events_.new_alerts_by_group.load(saved["groups"]);
  events_.arrival.load(saved["arrival"]);
  events_.first_look.load(saved["first_look"]);
  events_.resolution.load(saved["resolution"]);
  ask_as(api == kOld ? thehive::ApiVersion::v4 : thehive::ApiVersion::v5);
  questions_->load(saved["questions"]);
}

}  // namespace socbridge::metrics
