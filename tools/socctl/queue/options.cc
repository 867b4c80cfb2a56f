// SPDX-License-Identifier: Apache-2.0
#include "socctl/queue/options.h"

#include <iostream>

#include "base/text.h"
#include "base/time.h"
#include "json/value.h"

namespace socbridge::socctl {
namespace {

Status read_age(const char* option, const std::string& text, std::optional<std::int64_t>& ms) {
  if (text.empty()) return {};
  ms = parse_duration_ms(text);
  if (ms) return {};
  return Status::error(ExitCode::usage, std::string(option) +
                                            " must be a time such as 90s, 15m, 2h or 5d, not \"" +
                                            printable(text, 40) + "\"");
}

// The id in an argument: an id alone, or a line of `socctl queue list`, plain or JSON.
std::string id_of_line(const std::string& line) {
  const std::string text(trim(line));
  if (!text.starts_with('{')) return text.substr(0, text.find_first_of("\t "));
  const auto document = json::Document::parse(text);
  if (!document.ok()) return text;
  return std::string(document->root()["id"].string().value_or(text));
}

}  // namespace

void QueueFlags::add_to(Command& command) {
  spool.add_to(command);
  const auto list = [&command](const char* name, std::vector<std::string>& target,
                               const char* description, const char* type) {
    command.add_option(name, target, description)->type_name(type)->one_value_each();
  };
  list("--state", states, "Entries in queue, hold, dead or corrupt; repeatable", "STATE");
  list("--kind", kinds,
       "Entries by the result of the last try: retry, auth, refused, …; repeatable", "KIND");
  list("--rule", rules, "Alerts of this Wazuh rule; repeatable", "ID");
  list("--agent", agents, "Alerts of this agent; repeatable", "NAME");
  list("--destination", destinations,
       "Alerts for this destination of the configuration, or default; repeatable", "NAME");
  command.add_option("--older-than", older_than, "Accepted longer ago than this")
      ->type_name("TIME");
  command.add_option("--newer-than", newer_than, "Accepted within this time")->type_name("TIME");
  command.add_flag("--due", due, "Entries of queue/ that may be tried now");
}

Result<queue::QueueFilter> QueueFlags::filter() const {
  queue::QueueFilter filter;
  auto known = queue::parse_states(states);
  if (!known.ok()) return known.status();
  filter.states = std::move(*known);
  filter.kinds = kinds;
  filter.rules = rules;
  filter.agents = agents;
  filter.destinations = destinations;
  filter.due = due;
  if (const Status bad = read_age("--older-than", older_than, filter.older_than_ms); !bad.ok()) {
    return bad;
  }
  if (const Status bad = read_age("--newer-than", newer_than, filter.newer_than_ms); !bad.ok()) {
    return bad;
  }
  return filter;
}

void QueueTargets::add_to(Command& command, Default without_any) {
  all_by_default_ = without_any == Default::everything;
  command.add_option("id", ids, "Entry ids; - reads them from standard input")->type_name("ID");
  flags.add_to(command);
  if (!all_by_default_) command.add_flag("--all", all, "Every entry that the verb applies to");
}

Status QueueTargets::for_each(Env& env, spool::Spool& spool, queue::QueueReader::Facts facts,
                              const std::function<void(const queue::QueueEntry&)>& visit,
                              const std::function<void(const std::string&)>& on_unknown) const {
  const auto filter = flags.filter();
  if (!filter.ok()) return filter.status();
  queue::QueueReader reader(env, spool);
  if (ids.empty()) {
    if (!all && !all_by_default_ && !filter->any()) {
      return Status::error(ExitCode::usage, "no entries are given",
                           "give ids, -, a filter such as --state dead, or --all");
    }
    return reader.for_each(*filter, facts, wall_now_ms(), [&](const queue::QueueEntry& entry) {
      visit(entry);
      return true;
    });
  }
  if (filter->any() || all) {
    return Status::error(ExitCode::usage, "ids and filters exclude each other");
  }
  const auto one = [&](const std::string& id) {
    const auto entry = reader.find(id, facts);
    if (entry) {
      visit(*entry);
    } else {
      on_unknown(id);
    }
  };
  for (const std::string& id : ids) {
    if (id != "-") {
      one(id);
      continue;
    }
    for (std::string line; std::getline(std::cin, line);) {
      if (!trim(line).empty()) one(id_of_line(line));
    }
  }
  return {};
}

std::string relative_time(UnixMillis at_ms, UnixMillis now_ms) {
  struct Unit {
    std::int64_t ms;
    const char* name;
  };
  constexpr Unit kUnits[] = {{86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}};
  const bool ahead = at_ms > now_ms;
  const std::int64_t distance = ahead ? at_ms - now_ms : now_ms - at_ms;
  for (const Unit& unit : kUnits) {
    if (distance < unit.ms) continue;
    const std::string text = std::to_string(distance / unit.ms) + unit.name;
    return ahead ? "in " + text : text + " ago";
  }
  return "now";
}

}  // namespace socbridge::socctl
