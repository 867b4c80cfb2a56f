// SPDX-License-Identifier: Apache-2.0
#include "mapping/description.h"

#include "base/text.h"
#include "mapping/markdown.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kCell = 1000;  // UTF-16 units

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() ? "" : ", ") + one;
  return out;
}

class Table {
 public:
  void row(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (text_.empty()) text_ = "| Field | Value |\n|---|---|\n";
    text_ += "| ";
    text_ += name;
    text_ += " | " + escape_markdown(value, kCell) + " |\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string agent_of(const wazuh::Alert& alert) {
  if (alert.agent_name.empty() && alert.agent_id.empty()) {
    return alert.agentless_host.empty() ? "" : alert.agentless_host + " (agentless)";
  }
  std::string out = alert.agent_name;
  if (!alert.agent_id.empty()) out += " (" + alert.agent_id + ")";
  if (!alert.agent_ip.empty()) out += " " + alert.agent_ip;
  return out;
}

}  // namespace

std::string make_title(const wazuh::Alert& alert) {
  std::string title = alert.description;
  if (trim(title).empty()) {
    title = alert.rule_id.empty() ? "Wazuh alert" : "Wazuh alert of rule " + alert.rule_id;
  }
  return truncate_utf16(printable(trim(title), SIZE_MAX), thehive::limits::kTitle);
}

std::string make_description(const wazuh::Alert& alert, const Options& options,
                             const Extracted& extracted) {
  std::string out = "**" + escape_markdown(make_title(alert), thehive::limits::kTitle) + "**\n\n";
  Table table;
  table.row("Rule", alert.rule_id);
  table.row("Level", alert.level_word.empty() ? std::to_string(alert.level) : alert.level_word);
  table.row("Groups", joined(alert.groups));
  table.row("MITRE ATT&CK", joined(alert.mitre_ids));
  table.row("Tactics", joined(alert.mitre_tactics));
  table.row("Techniques", joined(alert.mitre_techniques));
  table.row("Agent", agent_of(alert));
  table.row("Manager", alert.manager);
  table.row("Cluster node", alert.cluster_node);
  table.row("Location", alert.location);
  table.row("Decoder", alert.decoder);
  table.row("Time", alert.timestamp);
  table.row("Wazuh id", alert.id);
  out += table.text();
  if (extracted.left_out > 0) {
    out += "\n" + std::to_string(extracted.left_out) +
           " more observables were left out (max_observables is " +
           std::to_string(options.max_observables) + ").\n";
  }
  const auto log_units = static_cast<std::size_t>(options.max_log_chars);
  if (!alert.full_log.empty() && log_units > 0) {
    out += "\n### Log\n\n" + fenced(alert.full_log, log_units);
  }
  if (!alert.previous_output.empty() && log_units > 0) {
    out += "\n### Earlier logs\n\n" + fenced(alert.previous_output, log_units);
  }
  // Rules without a log (Windows, cloud) say what happened in `data` alone.
  if (alert.full_log.empty() && log_units > 0) {
    const json::Value data = alert.root()["data"];
    if (data.is_object() && data.size() > 0) {
      out += "\n### Data\n\n" + fenced(data.dump(), log_units);
    }
  }
  return out;
}

}  // namespace socbridge::mapping
