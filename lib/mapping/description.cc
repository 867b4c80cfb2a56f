// SPDX-License-Identifier: Apache-2.0
#include "mapping/description.h"

#include "base/joined.h"
#include "base/text.h"
#include "mapping/describe/family.h"
#include "mapping/describe/sections.h"
#include "mapping/markdown.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMostHost = 128;  // UTF-16 units of a host's name in a title

std::string agent_of(const wazuh::Alert& alert) {
  if (alert.agent_name.empty() && alert.agent_id.empty()) {
    return alert.agentless_host.empty() ? "" : alert.agentless_host + " (agentless)";
  }
  std::string out = alert.agent_name;
  if (!alert.agent_id.empty()) out += " (" + alert.agent_id + ")";
  if (!alert.agent_ip.empty()) out += " " + alert.agent_ip;
  return out;
}

// Labels of the agent: "customer ACME, group dmz".
std::string labels_of(const wazuh::Alert& alert) {
  const json::Value labels = alert.root()["agent"]["labels"];
  std::string out;
  for (std::size_t i = 0; labels.is_object() && i < labels.size(); ++i) {
    const std::string text = text_of(labels.value_at(i), "agent.labels");
    if (text.empty()) continue;
    out += (out.empty() ? "" : ", ") + std::string(labels.key_at(i)) + " " + text;
  }
  return out;
}

// Where it happened: the agent, but for the manager's own agent 000 the machine whose log it read.
std::string host_of(const wazuh::Alert& alert) {
  if (!alert.agentless_host.empty()) return alert.agentless_host;
  if (alert.agent_id == "000") {
    const auto host = alert.root().path("predecoder.hostname").scalar_text();
    if (host && !trim(*host).empty()) return std::string(trim(*host));
  }
  return std::string(trim(alert.agent_name));
}

// Whether the title says the host already, also without its domain.
bool names_host(const std::string& title, const std::string& host) {
  const std::string lower = ascii_lower(title);
  const std::string whole = ascii_lower(host);
  return lower.find(whole) != std::string::npos ||
         lower.find(whole.substr(0, whole.find('.'))) != std::string::npos;
}

std::string alert_table(const wazuh::Alert& alert) {
  FieldTable table;
  table.row("Rule", alert.rule_id);
  table.row("Level", alert.level_word.empty() ? std::to_string(alert.level) : alert.level_word);
  table.row("Groups", joined(alert.groups));
  table.row("MITRE ATT&CK", joined(alert.mitre_ids));
  table.row("Tactics", joined(alert.mitre_tactics));
  table.row("Techniques", joined(alert.mitre_techniques));
  table.row("CVE", text_of(alert.root()["rule"]["cve"], "rule.cve"));
  table.raw_row("About the rule", info_of(alert));
  table.row("Compliance", compliance_of(alert));
  table.row("Agent", agent_of(alert));
  table.row("Labels", labels_of(alert));
  table.row("Manager", alert.manager);
  table.row("Cluster node", alert.cluster_node);
  table.row("Location", alert.location);
  table.row("Decoder", alert.decoder);
  table.row("Time", alert.timestamp);
  table.row("Wazuh id", alert.id);
  return table.text();
}

}  // namespace

std::string title_line(std::string_view text) {
  return truncate_utf16(printable(trim(text), SIZE_MAX), thehive::limits::kTitle);
}

std::string make_title(const wazuh::Alert& alert) {
  std::string title(trim(alert.description));
  if (title.empty()) {
    title = alert.rule_id.empty() ? "Wazuh alert" : "Wazuh alert of rule " + alert.rule_id;
  }
  const std::string host = host_of(alert);
  if (host.empty() || names_host(title, host)) return title_line(title);
  // The host stays whole, the description is cut.
  const std::string where = " on " + truncate_utf16(printable(host, SIZE_MAX), kMostHost);
  while (title.ends_with('.') && !title.ends_with("..")) title.pop_back();
  return truncate_utf16(printable(trim(title), SIZE_MAX),
                        thehive::limits::kTitle - utf16_length(where)) +
         where;
}

std::string make_description(const wazuh::Alert& alert, const Options& options,
                             const Extracted& extracted) {
  std::string out = "**" + escape_markdown(make_title(alert), thehive::limits::kTitle) + "**\n\n";
  const Family family = family_of(alert);
  FieldTable facts;
  for (const Fact& fact : family.facts) facts.row(fact.label, fact.value);
  if (!facts.text().empty()) {
    out += "### " + std::string(family.name) + "\n\n" + facts.text() + "\n### Alert\n\n";
  }
  out += alert_table(alert);
  if (extracted.left_out > 0) {
    out += "\n" + std::to_string(extracted.left_out) +
           " more observables were left out (max_observables is " +
           std::to_string(options.max_observables) + ").\n";
  }
  const auto units = static_cast<std::size_t>(options.max_log_chars);
  out += log_sections(alert, units);
  out += data_section(alert, family, units);
  out += folded_sections(alert, units);
  return out;
}

}  // namespace socbridge::mapping
