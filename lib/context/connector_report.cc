// SPDX-License-Identifier: Apache-2.0
#include "context/connector_report.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"

namespace socbridge::context {
namespace {

using opencti::Connector;
using opencti::Schedule;

std::string duration_text(std::int64_t ms) {
  constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                         kDay = 24 * kHour;
  if (ms % kMinute != 0) return std::to_string(ms / kSecond) + "s";
  if (ms % kDay == 0) return std::to_string(ms / kDay) + "d";
  if (ms % kHour == 0) return std::to_string(ms / kHour) + "h";
  return std::to_string(ms / kMinute) + "m";
}

std::string every_of(const Schedule* schedule) {
  if (schedule == nullptr) return {};
  return schedule->mode == Schedule::Mode::always ? "always" : duration_text(schedule->period_ms);
}

const Schedule* schedule_for(const Connector& connector, const std::vector<Schedule>& schedules) {
  const auto found = std::find_if(schedules.begin(), schedules.end(),
                                  [&](const Schedule& s) { return fits(s, connector); });
  return found == schedules.end() ? nullptr : &*found;
}

std::string time_json(UnixMillis ms) { return ms == 0 ? "null" : json::quote(format_utc(ms)); }

}  // namespace

Result<std::vector<Schedule>> choose(const std::vector<Schedule>& schedules,
                                     const std::vector<std::string>& names) {
  std::vector<Schedule> out;
  std::vector<std::string_view> known;
  for (const Schedule& one : schedules) known.push_back(one.name);
  for (const std::string& name : names) {
    const auto found = std::find_if(schedules.begin(), schedules.end(),
                                    [&](const Schedule& one) { return iequals(one.name, name); });
    if (found != schedules.end()) {
      out.push_back(*found);
      continue;
    }
    const std::string_view near = nearest(name, known);
    return Status::error(ExitCode::usage,
                         "--expect: no connector \"" + printable(name, 60) + "\" is configured",
                         near.empty() ? "add it to the section \"connectors\"; see "
                                        "socctl help configuration"
                                      : "did you mean \"" + std::string(near) + "\"?");
  }
  return out;
}

std::vector<ConnectorLine> report(const opencti::Connectors& found,
                                  const std::vector<Schedule>& schedules,
                                  const std::vector<Schedule>& expected, UnixMillis now_ms) {
  std::vector<ConnectorLine> out;
  for (const Connector& connector : found.connectors) {
    const Schedule* schedule = schedule_for(connector, schedules);
    const bool wanted = schedule_for(connector, expected) != nullptr;
    out.push_back({connector, schedule == nullptr ? std::string() : schedule->name,
                   every_of(schedule), evaluate(connector, schedule, now_ms),
                   expected.empty() || wanted});
  }
  for (const Schedule& one : expected) {
    const bool there =
        std::any_of(found.connectors.begin(), found.connectors.end(),
                    [&](const Connector& connector) { return fits(one, connector); });
    if (there) continue;
    ConnectorLine line;
    line.connector.name = line.expected_as = one.name;
    line.every = every_of(&one);
    line.verdict = {opencti::Health::missing, "not registered in OpenCTI"};
    out.push_back(std::move(line));
  }
  return out;
}

std::string to_json(const ConnectorLine& line) {
  const Connector& of = line.connector;
  json::Writer w;
  w.begin_object();
  w.member("name", of.name);
  w.member("id", of.id);
  w.member("type", of.type);
  w.member("state", opencti::health_name(line.verdict.health));
  w.member("reason", line.verdict.reason);
  w.member("expected_as", line.expected_as);
  w.member("every", line.every);
  w.member("active", of.active);
  w.member("run_once", of.run_once);
  w.key("pinged");
  w.raw(time_json(of.pinged_ms));
  w.key("last_run");
  w.raw(time_json(of.last_run_ms));
  w.key("next_run");
  w.raw(time_json(of.next_run_ms));
  w.member("queued", of.queued);
  w.member("work_status", of.work_status);
  w.member("errors", static_cast<std::uint64_t>(of.errors));
  w.member("last_error", of.last_error);
  w.end_object();
  return std::move(w).take();
}

ExitCode exit_code_of(const std::vector<ConnectorLine>& lines, const opencti::Connectors& found) {
  const bool all_well = std::all_of(lines.begin(), lines.end(), [](const ConnectorLine& line) {
    return !line.counts || line.verdict.health == opencti::Health::ok;
  });
  return all_well && found.workers != 0 ? ExitCode::ok : ExitCode::degraded;
}

}  // namespace socbridge::context
