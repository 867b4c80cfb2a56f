// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/description.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "mapping/describe/family.h"
#include "mapping/describe/markdown.h"
#include "mapping/describe/sections.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMostHost = 128;  // UTF-16 units of a host's name in a title

std::string agent_of(const wazuh::Alert& alert) {
  if (alert.agent_name.empty() && alert.agent_id.empty()) {
    return alert.agentless_host.empty() ? "" : alert.agentless_host + " (agentless)";
  }
  constexpr std::size_t kBetween = 4;
  std::string out;
  out.reserve(alert.agent_name.size() + alert.agent_id.size() + alert.agent_ip.size() + kBetween);
  out += alert.agent_name;
  if (!alert.agent_id.empty()) out += " (" + alert.agent_id + ")";
  if (!alert.agent_ip.empty()) out += " " + alert.agent_ip;
  return out;
}

// On one line, followed by `behind`.
std::string printable_within(std::string_view text, std::size_t units,
                             std::string_view behind = {}) {
  std::string out;
  out.reserve(text.size() + behind.size());
  append_printable(out, text);
  if (out.size() > units) out = truncate_utf16(out, units);
  out += behind;
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

// The host of the event: the agent; for the manager's own agent 000, the machine whose log it read.
std::string host_of(const wazuh::Alert& alert) {
  if (!alert.agentless_host.empty()) return alert.agentless_host;
  if (alert.agent_id == "000") {
    const auto host = alert.root().path("predecoder.hostname").scalar_text();
    if (host && !trim(*host).empty()) return std::string(trim(*host));
  }
  return std::string(trim(alert.agent_name));
}

// Whether the title already has the host, with or without its domain.
bool names_host(std::string_view title, std::string_view host) {
  const std::string_view label = host.substr(0, host.find('.'));
  constexpr std::size_t kLongestLabel = 255;  // a longer one would make the search quadratic
  if (label.size() > kLongestLabel) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::search(title.begin(), title.end(), label.begin(), label.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != title.end();
}

void add_alert_table(const wazuh::Alert& alert, std::string& out) {
  FieldTable table(out);
  table.plain_row("Rule", alert.rule_id);
  table.plain_row("Level",
                  alert.level_word.empty() ? std::to_string(alert.level) : alert.level_word);
  table.plain_row("Groups", joined(alert.groups));
  table.plain_row("MITRE ATT&amp;CK", joined(alert.mitre_ids));
  table.plain_row("Tactics", joined(alert.mitre_tactics));
  table.plain_row("Techniques", joined(alert.mitre_techniques));
  table.plain_row("CVE", text_of(alert.root()["rule"]["cve"], "rule.cve"));
  table.raw_row("About the rule", info_of(alert));
  table.plain_row("Compliance", compliance_of(alert));
  table.plain_row("Agent", agent_of(alert));
  table.plain_row("Labels", labels_of(alert));
  table.plain_row("Manager", alert.manager);
  table.plain_row("Cluster node", alert.cluster_node);
  table.plain_row("Location", alert.location);
  table.plain_row("Decoder", alert.decoder);
  table.plain_row("Time", alert.timestamp);
  table.plain_row("Wazuh id", alert.id);
}

}  // namespace

std::string title_line(std::string_view text) {
  return printable_within(trim(text), thehive::limits::kTitle);
}

std::string make_title(const wazuh::Alert& alert) {
  std::string_view title = trim(alert.description);
  std::string made;
  if (title.empty()) {
    made = alert.rule_id.empty() ? "Wazuh alert" : "Wazuh alert of rule " + alert.rule_id;
    title = made;
  }
  const std::string host = host_of(alert);
  if (host.empty() || names_host(title, host)) return title_line(title);
  // The description is cut, not the host.
  const std::string where = " on " + printable_within(host, kMostHost);
  while (title.ends_with('.') && !title.ends_with("..")) title.remove_suffix(1);
  return printable_within(trim(title), thehive::limits::kTitle - utf16_length(where), where);
}

std::string make_description(const wazuh::Alert& alert, const std::string& title,
                             const Options& options, const Extracted& extracted) {
  constexpr std::size_t kUsual = 3000;
  const auto units = static_cast<std::size_t>(options.max_log_chars);
  std::string out;
  out.reserve(kUsual);
  out += "**";
  append_markdown(out, title, thehive::limits::kTitle);
  out += "**\n\n";
  const Family family = family_of(alert);
  const std::string heading = "### " + std::string(family.name) + "\n\n";
  FieldTable facts(out, heading);
  for (const Fact& fact : family.facts) facts.plain_row(fact.label, fact.value);
  if (!facts.empty()) out += "\n### Alert\n\n";
  add_alert_table(alert, out);
  if (extracted.left_out > 0) {
    out += "\n" + std::to_string(extracted.left_out) +
           " more observables were left out (max_observables is " +
           std::to_string(options.max_observables) + ").\n";
  }
  add_log_sections(alert, units, out);
  add_data_section(alert, family, units, out);
  add_folded_sections(alert, units, out);
  return out;
}

}  // namespace socbridge::mapping
