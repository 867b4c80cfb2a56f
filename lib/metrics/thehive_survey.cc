// SPDX-License-Identifier: Apache-2.0
#include "metrics/thehive_survey.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "thehive/query.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::metrics {
namespace {

constexpr std::size_t kPage = 200;
constexpr int kCritical = 4;

std::int64_t time_of(const json::Value& thing, const char* field) {
  return std::max<std::int64_t>(thing[field].integer().value_or(0), 0);
}

// Tags of the integration that are groups of Wazuh's rules: no `key:value`, no MITRE technique.
bool is_group(std::string_view tag) {
  if (tag.empty() || tag == "wazuh" || tag.find(':') != std::string_view::npos) return false;
  const bool technique =
      tag[0] == 'T' && tag.size() > 1 && std::isdigit(static_cast<unsigned char>(tag[1])) != 0;
  return !technique;
}

}  // namespace

// The first poll reads only the newest page, to set the cursor: nothing on it counts as new.
Result<std::size_t> TheHiveSurvey::read(thehive::Client& client, const List& list, Cursor& cursor,
                                        const Take& take, const Deadline& deadline) {
  thehive::Query query(list.select);
  if (cursor.started) query.where(thehive::filter::at_least(list.field, cursor.time_ms));
  query.sort(list.field, cursor.started ? thehive::Order::ascending : thehive::Order::descending)
      .page(0, kPage);
  ++requests_;
  const auto answer = client.query("socctl-metrics", query.text(), deadline);
  if (!answer.ok()) return answer.status();
  const json::Value things = answer->root();
  if (!things.is_array()) {
    return Status::error(ExitCode::refused, "query socctl-metrics: the answer is not a list",
                         "check that the URL is TheHive's own");
  }
  const std::int64_t since = cursor.time_ms, now = wall_now_ms();
  for (std::size_t i = 0; i < things.size(); ++i) {
    const json::Value thing = things.at(i);
    const std::int64_t at = time_of(thing, list.field);
    if (at > now + kAheadMs) continue;
    const std::string id = thing["_id"].text();
    if (cursor.started && at == cursor.time_ms && cursor.seen.count(id) != 0) continue;
    take(thing, since);
    if (at > cursor.time_ms) cursor.seen.clear();
    if (at >= cursor.time_ms) {
      cursor.time_ms = at;
      cursor.seen.insert(id);
    }
  }
  // One moment has more objects than a page: the rest of that moment is skipped.
  if (things.size() == kPage && cursor.started && cursor.time_ms == since) ++cursor.time_ms;
  // The list was empty: later objects are new, which a cursor of 0 would not show. After a full
  // page of times ahead there may be many objects that are not new.
  if (!cursor.started && cursor.time_ms == 0) cursor.time_ms = things.size() == kPage ? now : 1;
  cursor.started = true;
  return things.size();
}

void TheHiveSurvey::new_alert(const json::Value& alert, std::int64_t since_ms) {
  questions_->add_source(alert["source"].text());
  if (since_ms == 0) return;
  const auto level = alert["severity"].integer().value_or(0);
  if (level >= 1 && level <= kCritical) {
    events_.new_alerts.add(thehive::severity_name(static_cast<int>(level)));
  }
  const json::Value tags = alert["tags"];
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto text = tags.at(i).string();
    if (text && is_group(*text)) events_.new_alerts_by_group.add(*text);
  }
  const std::int64_t happened = time_of(alert, "date");
  if (happened > 0) events_.arrival.add(time_of(alert, "_createdAt") - happened);
}

// A change after `since_ms` is seen for the first time.
void TheHiveSurvey::changed_alert(const json::Value& alert, std::int64_t since_ms) {
  if (since_ms == 0) return;
  std::int64_t first = 0;
  for (const char* field : {"inProgressDate", "importedDate", "closedDate"}) {
    const std::int64_t at = time_of(alert, field);
    if (at > 0 && (first == 0 || at < first)) first = at;
  }
  if (first > since_ms) events_.first_look.add(first - time_of(alert, "_createdAt"));
}

void TheHiveSurvey::changed_case(const json::Value& item, std::int64_t since_ms) {
  questions_->add_owner(item["assignee"].text());
  const std::int64_t end = time_of(item, "endDate");
  if (since_ms > 0 && end > since_ms) events_.resolution.add(end - time_of(item, "_createdAt"));
}

void TheHiveSurvey::ask_as(thehive::ApiVersion api) {
  if (questions_ && questions_->api() == api) return;
  questions_.emplace(api);
  for (int level = 1; level <= kCritical; ++level) {
    events_.new_alerts.add(thehive::severity_name(level), 0);
  }
}

Status TheHiveSurvey::poll(thehive::Client& client, Amount amount, const Deadline& deadline) {
  requests_ = 1;
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  ask_as(version->api);
  const auto bind = [this](void (TheHiveSurvey::*take)(const json::Value&, std::int64_t)) {
    return [this, take](const json::Value& one, std::int64_t since) { (this->*take)(one, since); };
  };
  struct Reading {
    List list;
    Cursor* cursor;
    Take take;
    int pages;  // per poll; the rest follows in the next ones
  };
  const Reading readings[] = {
      {{"listAlert", "_createdAt"}, &new_alerts_, bind(&TheHiveSurvey::new_alert), 3},
      {{"listAlert", "_updatedAt"}, &changed_alerts_, bind(&TheHiveSurvey::changed_alert), 2},
      {{"listCase", "_updatedAt"}, &changed_cases_, bind(&TheHiveSurvey::changed_case), 1}};
  for (const Reading& reading : readings) {
    for (int i = 0; i < reading.pages; ++i) {
      const bool first_time = !reading.cursor->started;
      const auto number = read(client, reading.list, *reading.cursor, reading.take, deadline);
      if (!number.ok()) return number.status();
      if (first_time || *number < kPage) break;
    }
  }
  const bool all = amount == Amount::everything;
  return questions_->ask(client, all ? questions_->size() : most_requests_ - requests_,
                         wall_now_ms(), deadline);
}

}  // namespace socbridge::metrics
