// SPDX-License-Identifier: Apache-2.0
#include "mapping/conversion.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "http/client.h"
#include "json/writer.h"
#include "mapping/custom_field.h"
#include "mapping/description.h"
#include "mapping/markdown.h"
#include "mapping/observables.h"
#include "mapping/severity.h"

namespace socbridge::mapping {
namespace {

using rules::Effect;
using rules::Given;
using rules::Template;

constexpr std::size_t kMaxTags = 100;

std::string escaped(std::string_view text) { return escape_markdown(text, thehive::limits::kData); }

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

class Converter {
 public:
  Converter(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
            std::vector<Explanation>* notes)
      : alert_(alert), options_(options), notes_(notes) {
    out_.source_ref = wazuh::source_ref(alert, options.manager_alias);
    out_.date_ms = alert.time_ms.value_or(now_ms);
    effect_ = options.rules.apply(subject());
  }

  thehive::Alert run() {
    for (const std::string& rule : effect_.matched) note("rule", "applies", rule);
    for (const std::string& remark : effect_.remarks) note("rule", "remark", remark);
    note("sourceRef", out_.source_ref, reference_reason());
    severity();
    out_.type = named("type", effect_.type, options_.type, "wazuh_alert");
    out_.source = named("source", effect_.source, options_.source, "wazuh");
    title();
    note("date", format_utc(out_.date_ms),
         alert_.time_ms ? "timestamp" : "no usable timestamp: now");
    out_.tlp = number("tlp", effect_.tlp, options_.tlp);
    out_.pap = number("pap", effect_.pap, options_.pap);
    tags();
    if (options_.procedures) procedures();
    external_link();
    case_template();
    custom_fields();
    observables();
    return std::move(out_);
  }

 private:
  rules::Subject subject() const { return {alert_, out_.source_ref, out_.date_ms, {}}; }

  void note(std::string field, std::string value, std::string rule) {
    if (notes_ != nullptr) {
      notes_->push_back({std::move(field), std::move(value), std::move(rule)});
    }
  }

  std::string reference_reason() const {
    if (alert_.id.empty()) return "no id: from time, rule, agent, location and data";
    return options_.manager_alias.empty() ? "id and SHA-256 of manager, node and id"
                                          : "id and SHA-256 of manager_alias and id";
  }

  void severity() {
    if (effect_.severity) {
      out_.severity = effect_.severity->value;
      note("severity", std::to_string(out_.severity), effect_.severity->rule);
      return;
    }
    const auto [from, found] = severity_rule(alert_.level, options_);
    out_.severity = severity_of(alert_.level, options_);
    const std::string level = alert_.level_word.empty() ? std::to_string(alert_.level)
                                                        : alert_.level_word + " (as " +
                                                              std::to_string(alert_.level) + ")";
    note("severity", std::to_string(out_.severity),
         found == 0 ? "level " + level + " is below the severity table"
                    : "level " + level + " is " + std::to_string(from) + " or above");
  }

  int number(const char* key, const std::optional<Given<int>>& given, int configured) {
    const int value = given ? given->value : configured;
    note(key, std::to_string(value), given ? given->rule : key);
    return value;
  }

  std::string named(const char* key, const std::optional<Given<std::string>>& given,
                    const Template& configured, const char* otherwise) {
    std::string text = given ? given->value : configured.text(subject());
    std::string why = given ? given->rule : key;
    if (trim(text).empty()) {
      text = otherwise;
      why += ": a field is missing";
    }
    note(key, text, std::move(why));
    return text;
  }

  void title() {
    const Template& configured = effect_.title ? *effect_.title->value : options_.title;
    std::string text = configured.text(subject());
    const bool own = !trim(text).empty();
    out_.title = own ? title_line(text) : make_title(alert_);
    note("title", out_.title,
         !own            ? "rule.description"
         : effect_.title ? effect_.title->rule
                         : "title");
  }

  void add_tag(std::string_view text, const std::string& why) {
    const std::string tag = truncate_utf16(printable(trim(text), SIZE_MAX), thehive::limits::kTag);
    if (tag.empty() || out_.tags.size() >= kMaxTags) return;
    if (std::find(out_.tags.begin(), out_.tags.end(), tag) != out_.tags.end()) return;
    for (const auto& without : effect_.without_tags) {
      if (!rules::any_glob(*without.value, tag)) continue;
      note("tags", tag, "left out: " + without.rule);
      return;
    }
    out_.tags.push_back(tag);
    note("tags[" + std::to_string(out_.tags.size() - 1) + "]", tag, why);
  }

  void tags() {
    for (const Template& tag : options_.tags) {
      for (const std::string& one : tag.list(subject())) add_tag(one, "tags");
    }
    for (const auto& given : effect_.tags) {
      for (const std::string& one : given.value->list(subject())) add_tag(one, given.rule);
    }
    // Our own test alerts are found again by these.
    const bool ours =
        std::any_of(alert_.groups.begin(), alert_.groups.end(),
                    [](const std::string& group) { return group.starts_with("socbridge_"); });
    const BuiltInTags built_in = ours ? BuiltInTags{} : options_.built_in_tags;
    if (built_in.rule && !alert_.rule_id.empty()) add_tag("rule:" + alert_.rule_id, "rule.id");
    const std::string& agent =
        alert_.agent_name.empty() ? alert_.agentless_host : alert_.agent_name;
    if (built_in.agent && !agent.empty()) add_tag("agent:" + agent, "agent");
    for (const std::string& id : alert_.mitre_ids) {
      if (built_in.mitre) add_tag(id, "rule.mitre.id");
    }
    for (const std::string& group : alert_.groups) {
      if (built_in.groups) add_tag(group, "rule.groups");
    }
  }

  void procedures() {
    // The arrays are not parallel: a tactic is only sure where there is one in all.
    const std::string tactic =
        alert_.mitre_tactics.size() == 1 ? tactic_key(alert_.mitre_tactics.front()) : std::string();
    for (const std::string& id : alert_.mitre_ids) {
      out_.procedures.push_back({id, out_.date_ms, tactic});
      note("procedures", id, tactic.empty() ? "rule.mitre.id" : "rule.mitre.id, tactic " + tactic);
    }
  }

  void external_link() {
    const Template& from =
        effect_.external_link ? *effect_.external_link->value : options_.external_link;
    std::string link = from.text(subject(), http::url_encode);
    // A cut link leads nowhere; none is better.
    if (link.empty() || utf16_length(link) > thehive::limits::kExternalLink) return;
    out_.external_link = std::move(link);
    note("externalLink", out_.external_link,
         effect_.external_link ? effect_.external_link->rule : "external_link");
  }

  void case_template() {
    std::string name = effect_.case_template ? effect_.case_template->value
                                             : options_.case_template.text(subject());
    if (trim(name).empty()) return;
    out_.case_template = std::move(name);
    note("caseTemplate", out_.case_template,
         effect_.case_template ? effect_.case_template->rule : "case_template");
  }

  void add_field(const CustomFieldSource& source, const std::string& why) {
    const CustomFieldValue value = custom_field_value(source, subject());
    if (!value.error.empty()) {
      note("customFields." + source.name, "left out", why + ": " + value.error);
    }
    if (value.json.empty()) return;
    const auto same = [&](const thehive::CustomField& field) { return field.name == source.name; };
    auto& fields = out_.custom_fields;
    fields.erase(std::remove_if(fields.begin(), fields.end(), same), fields.end());
    fields.push_back({source.name, value.json});
    note("customFields." + source.name, value.json, why);
  }

  void custom_fields() {
    for (const CustomFieldSource& source : options_.custom_fields) {
      const bool replaced =
          std::any_of(effect_.custom_fields.begin(), effect_.custom_fields.end(),
                      [&](const auto& given) { return *given.first == source.name; });
      if (!replaced) add_field(source, "custom_fields");
    }
    for (const auto& [name, given] : effect_.custom_fields) {
      FieldType type = FieldType::automatic;
      for (const CustomFieldSource& source : options_.custom_fields) {
        if (source.name == *name) type = source.type;
      }
      add_field({*name, *given.value, type}, given.rule);
    }
  }

  void observables() {
    Extracted extracted;
    const bool wanted = !effect_.observables || effect_.observables->value;
    if (wanted) {
      extracted = extract_observables(alert_, options_, notes_);
    } else {
      note("observables", "none", effect_.observables->rule);
    }
    const std::string made = make_description(alert_, options_, extracted);
    const Template& from = effect_.description ? *effect_.description->value : options_.description;
    rules::Subject with_made = subject();
    with_made.description = made;
    out_.description = from.empty() ? made : from.text(with_made, escaped);
    if (!from.empty()) {
      note("description", truncate_utf16(out_.description, 60),
           effect_.description ? effect_.description->rule : "description");
    }
    out_.observables = std::move(extracted.observables);
  }

  const wazuh::Alert& alert_;
  const Options& options_;
  std::vector<Explanation>* notes_;
  Effect effect_;
  thehive::Alert out_;
};

}  // namespace

thehive::Alert convert(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
                       std::vector<Explanation>* notes) {
  return Converter(alert, options, now_ms, notes).run();
}

}  // namespace socbridge::mapping
