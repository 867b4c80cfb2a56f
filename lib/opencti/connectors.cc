// SPDX-License-Identifier: Apache-2.0
#include "opencti/connectors.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "opencti/queries.h"

namespace socbridge::opencti {
namespace {

constexpr std::int64_t kMinute = 60000, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr std::size_t kMaxText = 200;

UnixMillis time_of(json::Value value) { return parse_timestamp(value.text()).value_or(0); }

// What a platform says, within bounds in which a sum of some stays a number.
std::int64_t messages_in(json::Value value) {
  constexpr std::int64_t kMost = 1000000000000;
  return std::clamp<std::int64_t>(value.lenient_integer().value_or(0), 0, kMost);
}

std::int64_t queue_of(json::Value queues, const std::string& name) {
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (queues.at(i)["name"].text() == name) return messages_in(queues.at(i)["messages"]);
  }
  return 0;
}

struct Work {
  UnixMillis started_ms = 0, completed_ms = 0;
  bool complete = false;
  std::size_t errors = 0;
};

// Completion of the newest work that ended by itself without errors. The platform also completes an
// open work once it handles a newer one.
UnixMillis last_success(json::Value works) {
  std::vector<Work> all;
  for (std::size_t i = 0; i < works.size(); ++i) {
    const json::Value one = works.at(i);
    all.push_back({time_of(one["timestamp"]), time_of(one["completed_time"]),
                   one["status"].text() == "complete", one["errors"].size()});
  }
  std::sort(all.begin(), all.end(),
            [](const Work& a, const Work& b) { return a.started_ms > b.started_ms; });
  UnixMillis newer_ms = std::numeric_limits<UnixMillis>::max();
  for (const Work& work : all) {
    const bool newest = newer_ms == std::numeric_limits<UnixMillis>::max();
    const bool own_end = work.completed_ms > 0 ? work.completed_ms < newer_ms : newest;
    if (work.complete && work.errors == 0 && own_end) return work.started_ms;
    newer_ms = work.started_ms;
  }
  return 0;
}

void read_works(json::Value works, Connector& out) {
  json::Value newest;
  UnixMillis newest_ms = -1;
  for (std::size_t i = 0; i < works.size(); ++i) {
    const UnixMillis at = time_of(works.at(i)["timestamp"]);
    if (at <= newest_ms) continue;
    newest = works.at(i);
    newest_ms = at;
  }
  if (newest.missing()) return;
  out.work_status = newest["status"].text();
  out.work_started_ms = newest_ms;
  const json::Value errors = newest["errors"];
  out.errors = errors.size();
  if (errors.size() > 0) {
    out.last_error = printable(errors.at(errors.size() - 1)["message"].text(), kMaxText);
  }
}

Connector read_connector(json::Value node, json::Value queues) {
  Connector out;
  out.id = node["id"].text();
  out.name = node["name"].text();
  out.type = node["connector_type"].text();
  out.active = node["active"].boolean().value_or(false);
  out.pinged_ms = time_of(node["updated_at"]);
  const json::Value info = node["connector_info"];
  out.buffering = info["buffering"].boolean().value_or(false);
  out.run_once = info["run_and_terminate"].boolean().value_or(false);
  out.next_run_ms = time_of(info["next_run_datetime"]);
  read_works(node["works"], out);
  out.last_run_ms = last_run_of_state(node["connector_state"].text());
  if (out.last_run_ms == 0) out.last_run_ms = time_of(info["last_run_datetime"]);
  if (out.last_run_ms == 0) out.last_run_ms = last_success(node["works"]);
  out.queued = std::max(messages_in(node["connector_queue_details"]["messages_number"]),
                        queue_of(queues, "listen_" + out.id)) +
               queue_of(queues, "push_" + out.id);
  return out;
}

std::string ago(UnixMillis then, UnixMillis now) {
  const std::int64_t ms = std::max<std::int64_t>(0, now - then);
  if (ms >= 2 * kDay) return std::to_string(ms / kDay) + " days ago";
  if (ms >= 2 * kHour) return std::to_string(ms / kHour) + " hours ago";
  return std::to_string(ms / kMinute) + " minutes ago";
}

}  // namespace

UnixMillis last_run_of_state(std::string_view state_json) {
  const auto document = json::Document::parse(state_json);
  if (!document.ok()) return 0;
  const json::Value value = document->root()["last_run"];
  constexpr std::int64_t kSecond = 1000;
  constexpr std::int64_t kMillisFrom = 100000000000;  // as seconds this is the year 5138
  if (const auto number = value.number()) {
    if (*number < 0 || *number > 9e15) return 0;
    const auto whole = static_cast<std::int64_t>(*number);
    return whole < kMillisFrom ? whole * kSecond : whole;
  }
  return time_of(value);
}

Result<Connectors> list_connectors(Client& client, const Deadline& deadline) {
  constexpr std::string_view kWhat = "asking OpenCTI for connectors";
  const auto answer = client.query(kWhat, queries::text("connectors"), {}, deadline);
  if (!answer.ok()) return answer.status();
  const json::Value data = answer->root()["data"];
  if (!data["connectors"].is_array()) {
    return Status::error(ExitCode::refused,
                         std::string(kWhat) + ": the answer has no list of connectors");
  }
  Connectors out;
  const json::Value metrics = data["rabbitMQMetrics"];
  out.workers = metrics["consumers"].lenient_integer().value_or(-1);
  const json::Value list = data["connectors"];
  for (std::size_t i = 0; i < list.size(); ++i) {
    out.connectors.push_back(read_connector(list.at(i), metrics["queues"]));
  }
  std::sort(out.connectors.begin(), out.connectors.end(),
            [](const Connector& a, const Connector& b) {
              return a.name != b.name ? a.name < b.name : a.id < b.id;
            });
  return out;
}

const std::vector<Schedule>& usual_schedules() {
  using Mode = Schedule::Mode;
  static const std::vector<Schedule> all = {
      {"mitre", {"mitre"}, Mode::periodic, 7 * kDay, kDay},
      {"alienvault", {"alienvault"}, Mode::periodic, kDay, 6 * kHour},
      {"abuseipdb", {"abuseipdb"}, Mode::periodic, kDay, 6 * kHour},
      {"virustotal", {"virustotal"}, Mode::always, 0, 0},
  };
  return all;
}

bool fits(const Schedule& schedule, const Connector& connector) {
  const std::string name = ascii_lower(connector.name);
  return std::any_of(schedule.match.begin(), schedule.match.end(), [&](const std::string& word) {
    return word == connector.id || name.find(ascii_lower(word)) != std::string::npos;
  });
}

const char* health_name(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::degraded: return "degraded";
    case Health::stale: return "stale";
    case Health::down: return "down";
    case Health::missing: return "missing";
  }
  return "unknown";
}

Verdict evaluate(const Connector& connector, const Schedule* schedule, UnixMillis now_ms) {
  constexpr std::int64_t kPingMs = 5 * kMinute;
  if (schedule != nullptr && schedule->mode == Schedule::Mode::always) {
    const bool silent = connector.pinged_ms == 0 || now_ms - connector.pinged_ms > kPingMs;
    if (silent && !connector.active) {
      return {Health::down, connector.pinged_ms == 0
                                ? std::string("has never pinged")
                                : "last pinged " + ago(connector.pinged_ms, now_ms)};
    }
  }
  if (schedule != nullptr && schedule->mode == Schedule::Mode::periodic) {
    const bool later = connector.work_started_ms > connector.last_run_ms;
    const std::string begun =
        later ? "; a run began " + ago(connector.work_started_ms, now_ms) + " and has not succeeded"
              : std::string();
    if (connector.last_run_ms == 0) return {Health::stale, "has never run" + begun};
    if (now_ms - connector.last_run_ms > schedule->period_ms + schedule->slack_ms) {
      return {Health::stale, "last ran " + ago(connector.last_run_ms, now_ms) + begun};
    }
  }
  if (connector.errors > 0) {
    return {Health::degraded, std::to_string(connector.errors) +
                                  " error(s) in the last work: " + connector.last_error};
  }
  const bool open = connector.work_status == "progress" || connector.work_status == "wait";
  if (open && now_ms - connector.work_started_ms > kDay) {
    return {Health::degraded,
            "a work is unfinished since " + ago(connector.work_started_ms, now_ms)};
  }
  if (connector.work_status == "timeout") return {Health::degraded, "the last work timed out"};
  if (connector.buffering) {
    return {Health::degraded, "skips runs: its queue is over the threshold"};
  }
  return {};
}

}  // namespace socbridge::opencti
