// SPDX-License-Identifier: Apache-2.0
// The section "connectors" of socctl's configuration.
#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "context/connector_report.h"
#include "profile/section.h"

namespace socbridge::context {
namespace {

using opencti::Schedule;

Status read_duration(const profile::Section& section, const std::string& dotted,
                     const json::Value& value, std::int64_t& out) {
  if (value.missing()) return {};
  const auto ms = parse_duration_ms(value.string_or_empty());
  if (!ms) {
    return Status::error(ExitCode::usage,
                         section.where(dotted) + ": \"" + dotted + "\" is not a duration",
                         "examples: 30m, 6h, 7d");
  }
  out = *ms;
  return {};
}

Status read_one(const profile::Section& section, const std::string& name, Schedule& out) {
  const json::Value value = section.value()[name];
  if (!value.is_object()) {
    return Status::error(ExitCode::usage,
                         section.where(name) + ": \"" + name + "\" must be an object");
  }
  if (const Status good = profile::check_object(section, name, value, schedule_schema());
      !good.ok()) {
    return good;
  }
  if (value["match"].size() > 0) {
    out.match.clear();
    for (std::size_t i = 0; i < value["match"].size(); ++i) {
      out.match.emplace_back(value["match"].at(i).string_or_empty());
    }
  }
  const std::string_view mode = value["mode"].string_or_empty();
  if (mode == "always") out.mode = Schedule::Mode::always;
  if (mode == "periodic") out.mode = Schedule::Mode::periodic;
  for (auto [key, target] :
       {std::pair("every", &out.period_ms), std::pair("slack", &out.slack_ms)}) {
    const Status read = read_duration(section, name + "." + key, value[key], *target);
    if (!read.ok()) return read;
  }
  if (out.mode == Schedule::Mode::periodic && out.period_ms <= 0) {
    return Status::error(ExitCode::usage,
                         section.where(name) + ": \"" + name + "\" needs \"every\"",
                         "set how often it runs, such as 1d");
  }
  return {};
}

}  // namespace

const config::Schema& schedule_schema() {
  using config::Kind;
  static const config::Schema all = {
      {"match", Kind::string_list, "[]", "ids, or words of the connector's name"},
      {"mode",
       Kind::string,
       R"("")",
       "always: a process that pings; periodic: runs at intervals",
       0,
       0,
       {"", "always", "periodic"}},
      {"every", Kind::string, R"("")", "how often it runs, such as 7d"},
      {"slack", Kind::string, R"("")", "how late it may be, such as 6h"},
  };
  return all;
}

Result<std::vector<Schedule>> read_schedules(Env& env, const profile::Flags& flags,
                                             const profile::SystemPaths& system) {
  const auto section = profile::find_section(env, "connectors", flags, system);
  if (!section.ok()) return section.status();
  return read_schedules(*section);
}

Result<std::vector<Schedule>> read_schedules(const profile::Section& section) {
  std::vector<Schedule> out = opencti::usual_schedules();
  const json::Value rows = section.value();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name(rows.key_at(i));
    auto known =
        std::find_if(out.begin(), out.end(), [&](const Schedule& one) { return one.name == name; });
    if (known == out.end()) {
      out.push_back({name, {name}, Schedule::Mode::periodic, 0, 0});
      known = out.end() - 1;
    }
    if (const Status read = read_one(section, name, *known); !read.ok()) return read;
  }
  return out;
}

}  // namespace socbridge::context
