// SPDX-License-Identifier: Apache-2.0
#include "receive/foreign_alert.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "rules/template.h"
#include "wazuh/alert.h"

namespace socbridge::receive {
namespace {

// Levels of Wazuh for TheHive's low, medium, high and critical (docs/mapping.md).
constexpr int kLow = 7, kMedium = 10, kHigh = 13, kCritical = 15, kHighest = 16;

struct Fields {
  std::string id, timestamp, rule_id, title, agent, source;
  int level = kMedium;
  std::vector<std::string> groups;
};

std::string write(const Fields& fields, json::Value data) {
  json::Writer w;
  w.begin_object();
  if (!fields.timestamp.empty()) w.member("timestamp", fields.timestamp);
  w.key("rule");
  w.begin_object();
  w.member("level", fields.level);
  w.member("description", fields.title);
  w.member("id", fields.rule_id);
  w.key("groups");
  w.begin_array();
  for (const std::string& group : fields.groups) w.value(group);
  w.end_array();
  w.end_object();
  if (!fields.agent.empty()) {
    w.key("agent");
    w.begin_object();
    w.member("name", fields.agent);
    w.end_object();
  }
  w.key("manager");
  w.begin_object();
  w.member("name", fields.source);
  w.end_object();
  if (!fields.id.empty()) w.member("id", fields.id);
  w.member("location", "webhook:" + fields.source);
  w.member("data", data);
  w.end_object();
  return std::move(w).take();
}

std::optional<int> level_of(std::string_view text) {
  struct Word {
    std::string_view word;
    int level;
  };
  static constexpr std::array<Word, 21> kWords = {{
      {"debug", 2},
      {"info", 2},
      {"informational", 2},
      {"information", 2},
      {"notice", 3},
      {"low", kLow},
      {"minor", kLow},
      {"normal", kMedium},
      {"medium", kMedium},
      {"moderate", kMedium},
      {"warning", kMedium},
      {"warn", kMedium},
      {"high", kHigh},
      {"major", kHigh},
      {"error", kHigh},
      {"severe", kHigh},
      {"critical", kCritical},
      {"crit", kCritical},
      {"alert", kCritical},
      {"emergency", kCritical},
      {"fatal", kCritical},
  }};
  const std::string lower = ascii_lower(trim(text));
  for (const Word& one : kWords) {
    if (one.word == lower) return one.level;
  }
  return {};
}

// A level of Wazuh, or a severity word.
int level_or_medium(std::string_view text) {
  if (const auto number = parse_u64(trim(text)); number && *number <= kHighest) {
    return static_cast<int>(*number);
  }
  return level_of(text).value_or(kMedium);
}

// A time in a form that parse_timestamp() reads; converts Unix seconds and milliseconds.
std::string time_text(const std::string& text) {
  if (parse_timestamp(text)) return text;
  constexpr std::uint64_t kFirstMs = 100000000000;  // 1973 as milliseconds, 5138 as seconds
  constexpr std::uint64_t kLast = 253402300799999;
  constexpr std::uint64_t kThousand = 1000;
  const auto number = parse_u64(text.substr(0, text.find('.')));
  if (!number || *number > kLast || *number < kThousand * kThousand) return {};
  return format_utc(static_cast<UnixMillis>(*number < kFirstMs ? *number * kThousand : *number));
}

std::string first_of(json::Value object, std::initializer_list<const char*> paths) {
  for (const char* path : paths) {
    const std::string text = object.path(path).text();
    if (!trim(text).empty()) return std::string(trim(text));
  }
  return {};
}

}  // namespace

std::string as_alert(json::Value object, const BodyFormat& format) {
  json::Writer w;
  w.begin_object();
  w.member("data", object);
  w.end_object();
  const auto alert = wazuh::Alert::parse(w.text());
  if (!alert.ok()) return of_any_object(object);
  const rules::Subject subject{*alert, {}};
  Fields fields;
  fields.id = format.id.text(subject);
  fields.timestamp = time_text(format.timestamp.text(subject));
  fields.rule_id = format.rule_id.text(subject);
  fields.title = format.title.text(subject);
  if (trim(fields.title).empty()) fields.title = "Alert of " + format.name;
  fields.agent = format.agent.text(subject);
  fields.source = format.source.text(subject);
  if (fields.source.empty()) fields.source = format.name;
  fields.level = level_or_medium(format.level.value(subject).value_or(""));
  for (const rules::Template& group : format.groups) {
    for (std::string& one : group.list(subject)) fields.groups.push_back(std::move(one));
  }
  return write(fields, object);
}

bool is_graylog(json::Value object) {
  return object["event"].is_object() && !object["event_definition_id"].missing();
}

std::string of_graylog(json::Value object) {
  const json::Value event = object["event"];
  Fields fields;
  fields.source = "graylog";
  fields.id = event["id"].text();
  fields.timestamp = time_text(event["timestamp"].text());
  fields.rule_id = object["event_definition_id"].text();
  fields.title = first_of(object, {"event_definition_title", "event.message"});
  fields.agent = event["source"].text();
  // Low, normal, high; critical since Graylog 6.
  constexpr std::array<int, 4> kPriorities = {kLow, kMedium, kHigh, kCritical};
  const auto priority = event["priority"].lenient_integer().value_or(2);
  fields.level =
      kPriorities.at(static_cast<std::size_t>(std::clamp<std::int64_t>(priority, 1, 4) - 1));
  fields.groups = {"graylog"};
  return write(fields, object);
}

std::string of_any_object(json::Value object) {
  Fields fields;
  fields.source = "webhook";
  fields.id = first_of(object, {"id", "alert_id", "event_id", "uuid"});
  for (const char* name : {"timestamp", "@timestamp", "time", "date", "created_at", "event_time"}) {
    fields.timestamp = time_text(object.path(name).text());
    if (!fields.timestamp.empty()) break;
  }
  fields.rule_id = first_of(object, {"rule_id", "rule.id", "rule.name", "type"});
  fields.title = first_of(object, {"title", "name", "alert_name", "subject", "summary", "rule.name",
                                   "message", "description", "text"});
  if (fields.title.empty()) fields.title = "Event from a webhook";
  fields.agent = first_of(object, {"host", "hostname", "host.name", "agent", "agent.name"});
  // Numbers have a different meaning in each product: only words are read.
  for (const char* name : {"severity", "level", "priority", "criticality", "rule.severity"}) {
    if (const auto level = level_of(object.path(name).text())) {
      fields.level = *level;
      break;
    }
  }
  fields.groups = {"webhook"};
  return write(fields, object);
}

}  // namespace socbridge::receive
