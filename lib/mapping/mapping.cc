// SPDX-License-Identifier: Apache-2.0
#include "mapping/mapping.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "json/writer.h"
#include "mapping/description.h"
#include "mapping/observables.h"
#include "mapping/template.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMaxTags = 100;

// Highest threshold that the level reaches; 0 if none.
std::pair<int, int> severity_rule(int level, const Options& options) {
  std::pair<int, int> best{0, 0};
  for (const auto& [from, severity] : options.severity_by_level) {
    if (level >= from) best = {from, severity};
  }
  return best;
}

// A level that is let through below the table's lowest row is as low as the scale goes.
int severity_of(int level, const Options& options) {
  const int severity = severity_rule(level, options).second;
  return severity == 0 ? 1 : severity;
}

void add_tag(std::vector<std::string>& tags, std::string_view text) {
  const std::string tag = truncate_utf16(printable(trim(text), SIZE_MAX), thehive::limits::kTag);
  if (tag.empty() || tags.size() >= kMaxTags) return;
  if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
}

std::vector<std::string> make_tags(const wazuh::Alert& alert, const Options& options) {
  std::vector<std::string> tags;
  for (const std::string& tag : options.tags) add_tag(tags, tag);
  if (!alert.rule_id.empty()) add_tag(tags, "rule:" + alert.rule_id);
  if (!alert.agent_name.empty()) {
    add_tag(tags, "agent:" + alert.agent_name);
  } else if (!alert.agentless_host.empty()) {
    add_tag(tags, "agent:" + alert.agentless_host);
  }
  for (const std::string& id : alert.mitre_ids) add_tag(tags, id);
  for (const std::string& group : alert.groups) add_tag(tags, group);
  return tags;
}

// MITRE's tactic names as TheHive's catalogue knows them; empty if it is none.
std::string tactic_key(std::string_view name) {
  static constexpr std::array<std::string_view, 15> kTactics = {
      "reconnaissance",  "resource-development",
      "initial-access",  "execution",
      "persistence",     "privilege-escalation",
      "defense-evasion", "credential-access",
      "discovery",       "lateral-movement",
      "collection",      "command-and-control",
      "exfiltration",    "impact",
      "stealth"};
  std::string key = ascii_lower(trim(name));
  std::replace(key.begin(), key.end(), ' ', '-');
  return std::find(kTactics.begin(), kTactics.end(), key) == kTactics.end() ? std::string() : key;
}

std::vector<thehive::Procedure> make_procedures(const wazuh::Alert& alert, UnixMillis date_ms) {
  std::vector<thehive::Procedure> out;
  // The arrays are not parallel: a tactic is only sure where there is one in all.
  const std::string tactic =
      alert.mitre_tactics.size() == 1 ? tactic_key(alert.mitre_tactics.front()) : std::string();
  for (const std::string& id : alert.mitre_ids) out.push_back({id, date_ms, tactic});
  return out;
}

// A template that is one `{path}` and nothing else keeps the value's JSON type.
std::string custom_value(const std::string& text, const wazuh::Alert& alert,
                         const std::string& source_ref, UnixMillis date_ms) {
  if (text.size() > 2 && text.front() == '{' && text.find('}') == text.size() - 1) {
    const json::Value value = alert.root().path(std::string_view(text).substr(1, text.size() - 2));
    if (value.is_number() || value.type() == json::Type::boolean) return value.dump();
  }
  const std::string filled = fill_template(text, alert, source_ref, date_ms, Encoding::none);
  return filled.empty() ? std::string() : json::quote(filled);
}

// Which row of `include` lets it through, and why.
std::optional<std::pair<std::size_t, std::string>> including_row(const wazuh::Alert& alert,
                                                                 const Options& options) {
  for (std::size_t i = 0; i < options.include.size(); ++i) {
    if (auto why = options.include[i].matches(alert)) return std::pair(i, std::move(*why));
  }
  return std::nullopt;
}

void explain_alert(const Mapped& mapped, const wazuh::Alert& alert, const Options& options,
                   std::vector<Explanation>& out) {
  const auto [from, severity] = severity_rule(alert.level, options);
  const std::string level = alert.level_word.empty()
                                ? std::to_string(alert.level)
                                : alert.level_word + " (as " + std::to_string(alert.level) + ")";
  if (const auto row = including_row(alert, options)) {
    out.push_back({"forwarded", "include[" + std::to_string(row->first) + "]", row->second});
  }
  const thehive::Alert& a = mapped.alert;
  out.push_back({"sourceRef", a.source_ref,
                 alert.id.empty() ? "no id: from time, rule, agent, location and data"
                 : options.manager_alias.empty() ? "id and SHA-256 of manager, node and id"
                                                 : "id and SHA-256 of manager_alias and id"});
  out.push_back({"severity", std::to_string(a.severity),
                 severity == 0 ? "level " + level + " is below the severity table"
                               : "level " + level + " is " + std::to_string(from) + " or above"});
  out.push_back({"type", a.type, "type"});
  out.push_back({"source", a.source, "source"});
  out.push_back({"title", a.title, "rule.description"});
  out.push_back(
      {"date", format_utc(a.date_ms), alert.time_ms ? "timestamp" : "no usable timestamp: now"});
  out.push_back({"tlp", std::to_string(a.tlp), "tlp"});
  out.push_back({"pap", std::to_string(a.pap), "pap"});
  for (std::size_t i = 0; i < a.tags.size(); ++i) {
    out.push_back({"tags[" + std::to_string(i) + "]", a.tags[i],
                   "tags, rule.id, agent, rule.mitre.id, rule.groups"});
  }
  for (const thehive::Procedure& p : a.procedures) {
    out.push_back({"procedures", p.pattern_id,
                   p.tactic.empty() ? "rule.mitre.id" : "rule.mitre.id, tactic " + p.tactic});
  }
  if (!a.external_link.empty()) out.push_back({"externalLink", a.external_link, "external_link"});
  if (!a.case_template.empty()) out.push_back({"caseTemplate", a.case_template, "case_template"});
  for (const thehive::CustomField& f : a.custom_fields) {
    out.push_back({"customFields." + f.name, f.value_json, "custom_fields"});
  }
}

// `notes`: explanations of the observables, or null.
thehive::Alert convert(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
                       std::vector<Explanation>* notes) {
  thehive::Alert out;
  out.source_ref = wazuh::source_ref(alert, options.manager_alias);
  out.type = options.type;
  out.source = options.source;
  out.severity = severity_of(alert.level, options);
  out.date_ms = alert.time_ms.value_or(now_ms);
  out.tlp = options.tlp;
  out.pap = options.pap;
  out.title = make_title(alert);
  out.tags = make_tags(alert, options);
  out.case_template = options.case_template;
  if (options.procedures) out.procedures = make_procedures(alert, out.date_ms);
  if (!options.external_link.empty()) {
    std::string link =
        fill_template(options.external_link, alert, out.source_ref, out.date_ms, Encoding::url);
    // A cut link leads nowhere; none is better.
    if (utf16_length(link) <= thehive::limits::kExternalLink) out.external_link = std::move(link);
  }
  for (const auto& [name, text] : options.custom_fields) {
    std::string value = custom_value(text, alert, out.source_ref, out.date_ms);
    if (!value.empty()) out.custom_fields.push_back({name, std::move(value)});
  }
  Extracted extracted = extract_observables(alert, options, notes);
  out.description = make_description(alert, options, extracted);
  out.observables = std::move(extracted.observables);
  return out;
}

}  // namespace

std::string skip_reason(const wazuh::Alert& alert, const Options& options) {
  if (!alert.is_v5 && !alert.root()["rule"].is_object()) return "it has no rule";
  if (alert.level < options.min_level) {
    const std::string least = options.min_level_from.empty() ? "min_level" : options.min_level_from;
    return "level " + std::to_string(alert.level) + " is below " + least + " " +
           std::to_string(options.min_level);
  }
  for (std::size_t i = 0; i < options.exclude.size(); ++i) {
    if (const auto why = options.exclude[i].matches(alert)) {
      return "exclude[" + std::to_string(i) + "]: " + printable(*why);
    }
  }
  if (!options.include.empty() && !including_row(alert, options))
    return "no row of include matches";
  return {};
}

thehive::Alert to_thehive(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms) {
  return convert(alert, options, now_ms, nullptr);
}

Mapped map(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms, bool explain) {
  Mapped mapped;
  mapped.skip_reason = skip_reason(alert, options);
  mapped.forwarded = mapped.skip_reason.empty();
  if (!mapped.forwarded) return mapped;
  std::vector<Explanation> observable_notes;
  mapped.alert = convert(alert, options, now_ms, explain ? &observable_notes : nullptr);
  if (explain) {
    explain_alert(mapped, alert, options, mapped.explanations);
    for (Explanation& note : observable_notes) mapped.explanations.push_back(std::move(note));
  }
  return mapped;
}

}  // namespace socbridge::mapping
