// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "rules/filter.h"

namespace socbridge::rules {
namespace {

// A list of texts, or a text of names separated by commas.
std::vector<std::string> names_of(json::Value value) {
  std::vector<std::string> out;
  const auto take = [&](std::string_view text) {
    for (const std::string_view one : split(text, ',')) {
      if (!trim(one).empty()) out.emplace_back(trim(one));
    }
  };
  if (const auto text = value.scalar_text()) take(*text);
  for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
    if (const auto text = value.at(i).scalar_text()) take(*text);
  }
  return out;
}

bool any_in(const std::vector<NumberRange>& ranges, std::uint64_t number) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const NumberRange& range) { return range.holds(number); });
}

}  // namespace

std::optional<std::string> Filter::matches(const wazuh::Alert& alert) const {
  std::string why;
  const bool all = rule_matches(alert, why) && level_matches(alert, why) &&
                   group_matches(alert, why) && agent_matches(alert, why) &&
                   agent_ip_matches(alert, why) && agent_group_matches(alert, why) &&
                   source_matches(alert, why) && labels_match(alert, why) &&
                   fields_match(alert, why);
  if (!all) return std::nullopt;
  for (const Filter& one : none_) {
    if (one.matches(alert)) return std::nullopt;
  }
  if (!none_.empty()) add_word(why, "no match in not");
  return why;
}

bool Filter::rule_matches(const wazuh::Alert& alert, std::string& why) const {
  if (rules_.empty() && rule_ranges_.empty()) return true;
  const auto number = parse_u64(alert.rule_id);
  const bool fits = (number && any_in(rule_ranges_, *number)) ||
                    std::find(rules_.begin(), rules_.end(), alert.rule_id) != rules_.end();
  if (fits) add_word(why, "rule " + printable(alert.rule_id, 60));
  return fits;
}

bool Filter::level_matches(const wazuh::Alert& alert, std::string& why) const {
  if (levels_.empty()) return true;
  const auto level = static_cast<std::uint64_t>(alert.level);
  const bool fits = any_in(levels_, level);
  if (fits) add_word(why, "level " + std::to_string(level));
  return fits;
}

bool Filter::group_matches(const wazuh::Alert& alert, std::string& why) const {
  if (groups_.empty()) return true;
  const auto it = std::find_if(alert.groups.begin(), alert.groups.end(),
                               [&](const std::string& group) { return any_glob(groups_, group); });
  if (it == alert.groups.end()) return false;
  add_word(why, "group " + printable(*it, 60));
  return true;
}

bool Filter::agent_matches(const wazuh::Alert& alert, std::string& why) const {
  if (agents_.empty()) return true;
  const std::string& name = alert.agent_name.empty() ? alert.agentless_host : alert.agent_name;
  const bool fits = (!alert.agent_id.empty() && any_glob(agents_, alert.agent_id)) ||
                    (!name.empty() && any_glob(agents_, name));
  if (fits) add_word(why, "agent " + printable(name.empty() ? alert.agent_id : name, 60));
  return fits;
}

bool Filter::agent_ip_matches(const wazuh::Alert& alert, std::string& why) const {
  if (agent_ips_.empty()) return true;
  const auto it = std::find_if(
      agent_ips_.begin(), agent_ips_.end(),
      [&](const observable::Network& network) { return network.holds(alert.agent_ip); });
  if (it == agent_ips_.end()) return false;
  add_word(why, "agent_ip " + printable(alert.agent_ip, 60) + " in " + it->text());
  return true;
}

// Wazuh 4 names an agent's groups in its alerts only if a label has them (Wazuh documentation,
// "Agent labels"), Wazuh 5 in wazuh.agent.groups.
bool Filter::agent_group_matches(const wazuh::Alert& alert, std::string& why) const {
  if (agent_groups_.empty()) return true;
  for (const std::string_view path : {"agent.groups", "agent.group", "wazuh.agent.groups",
                                      "agent.labels.group", "agent.labels.groups"}) {
    for (const std::string& group : names_of(alert.root().path(path))) {
      if (!any_glob(agent_groups_, group)) continue;
      add_word(why, "agent_group " + printable(group, 60));
      return true;
    }
  }
  return false;
}

bool Filter::labels_match(const wazuh::Alert& alert, std::string& why) const {
  return std::all_of(labels_.begin(), labels_.end(), [&](const auto& label) {
    const json::Value value = alert.root()["agent"]["labels"].path(label.first);
    const auto text = value.scalar_text();
    if (!text || !any_glob(label.second, *text)) return false;
    add_word(why, "label " + label.first + " " + printable(*text, 60));
    return true;
  });
}

bool Filter::source_matches(const wazuh::Alert& alert, std::string& why) const {
  if (!decoders_.empty()) {
    if (!any_glob(decoders_, alert.decoder)) return false;
    add_word(why, "decoder " + printable(alert.decoder, 60));
  }
  if (!locations_.empty()) {
    if (!any_glob(locations_, alert.location)) return false;
    add_word(why, "location " + printable(alert.location, 60));
  }
  return true;
}

bool Filter::fields_match(const wazuh::Alert& alert, std::string& why) const {
  return std::all_of(fields_.begin(), fields_.end(),
                     [&](const FieldTest& test) { return test.matches(alert.root(), why); });
}

}  // namespace socbridge::rules
