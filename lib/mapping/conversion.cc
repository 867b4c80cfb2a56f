// SPDX-License-Identifier: Apache-2.0
#include "mapping/conversion.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "http/client.h"
#include "json/writer.h"
#include "mapping/bucket.h"
#include "mapping/custom_field.h"
#include "mapping/describe/description.h"
#include "mapping/describe/markdown.h"
#include "mapping/observables.h"

namespace socbridge::mapping {
namespace {

using rules::Effect;
using rules::Given;
using rules::Template;

constexpr std::size_t kMaxTags = 100;

std::string escaped(std::string_view text) { return escape_markdown(text, thehive::limits::kData); }

// Key in TheHive's catalogue of a MITRE tactic; empty for other names.
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

// The highest threshold of the severity table that the level reaches, and its severity; 0 if none.
std::pair<int, int> severity_rule(int level, const Options& options) {
  std::pair<int, int> best{0, 0};
  for (const auto& [from, severity] : options.severity_by_level) {
    if (level >= from) best = {from, severity};
  }
  return best;
}

// A forwarded level below the table's lowest row has the lowest severity.
int severity_of(int level, const Options& options) {
  const int severity = severity_rule(level, options).second;
  return severity == 0 ? 1 : severity;
}

class Converter {
 public:
  // `out` already has its reference and date.
  Converter(const wazuh::Alert& alert, const Options& options, thehive::Alert& out,
            std::vector<Explanation>* notes)
      : alert_(alert),
        options_(options),
        notes_(notes),
        out_(out),
        effect_(options.rules.apply(subject())) {}

  void run() {
    for (const std::string& rule : effect_.matched) {
      note([&] { return Explanation{"rule", "applies", rule}; });
    }
    for (const std::string& remark : effect_.remarks) {
      note([&] { return Explanation{"rule", "remark", remark}; });
    }
    note([&] { return Explanation{"sourceRef", out_.source_ref, reference_reason()}; });
    severity();
    out_.type = named("type", effect_.type, options_.type, "wazuh_alert");
    out_.source = named("source", effect_.source, options_.source, "wazuh");
    title();
    note([&] {
      return Explanation{"date", format_utc(out_.date_ms),
                         alert_.time_ms ? "timestamp" : "no usable timestamp: now"};
    });
    out_.tlp = number("tlp", effect_.tlp, options_.tlp);
    out_.pap = number("pap", effect_.pap, options_.pap);
    tags();
    if (options_.procedures) procedures();
    external_link();
    case_template();
    promotion();
    custom_fields();
    observables();
  }

 private:
  rules::Subject subject() const { return {alert_, out_.source_ref, out_.date_ms, {}}; }

  // `make` returns an Explanation; it is called only if explanations are wanted.
  template <typename Make>
  void note(const Make& make) {
    if (notes_ != nullptr) [[unlikely]] {
      notes_->push_back(make());
    }
  }

  std::string reference_reason() const {
    if (alert_.id.empty()) return "no id: from time, rule, agent, location and data";
    return options_.manager_alias.empty() ? "id and SHA-256 of manager, node and id"
                                          : "id and SHA-256 of manager_alias and id";
  }

  void severity() {
    out_.severity =
        effect_.severity ? effect_.severity->value : severity_of(alert_.level, options_);
    note([&] {
      return Explanation{"severity", std::to_string(out_.severity),
                         effect_.severity ? effect_.severity->rule : severity_reason()};
    });
  }

  std::string severity_reason() const {
    const auto [from, found] = severity_rule(alert_.level, options_);
    const std::string level = alert_.level_word.empty() ? std::to_string(alert_.level)
                                                        : alert_.level_word + " (as " +
                                                              std::to_string(alert_.level) + ")";
    return found == 0 ? "level " + level + " is below the severity table"
                      : "level " + level + " is " + std::to_string(from) + " or above";
  }

  int number(const char* key, const std::optional<Given<int>>& given, int configured) {
    const int value = given ? given->value : configured;
    note([&] { return Explanation{key, std::to_string(value), given ? given->rule : key}; });
    return value;
  }

  std::string named(const char* key, const std::optional<Given<std::string>>& given,
                    const Template& configured, const char* otherwise) {
    std::string text = given ? given->value : configured.text(subject());
    const bool missing = trim(text).empty();
    if (missing) text = otherwise;
    note([&] {
      return Explanation{key, text,
                         (given ? given->rule : key) + (missing ? ": a field is missing" : "")};
    });
    return text;
  }

  void title() {
    const Template& configured = effect_.title ? *effect_.title->value : options_.title;
    std::string text = configured.text(subject());
    const bool own = !trim(text).empty();
    out_.title = make_title(alert_);
    if (own) made_title_ = std::exchange(out_.title, title_line(text));
    note([&] {
      const std::string why = effect_.title ? effect_.title->rule : "title";
      return Explanation{"title", out_.title, own ? why : "rule.description"};
    });
  }

  void add_tag(std::string_view text, std::string_view why) {
    std::string tag;
    append_printable(tag, trim(text));
    if (tag.size() > thehive::limits::kTag) tag = truncate_utf16(tag, thehive::limits::kTag);
    if (tag.empty() || out_.tags.size() >= kMaxTags) return;
    if (std::find(out_.tags.begin(), out_.tags.end(), tag) != out_.tags.end()) return;
    // Otherwise the text of an alert could lead other alerts into a case of its choice.
    if (is_case_tag(tag)) {
      note([&] { return Explanation{"tags", tag, "left out: only promote sets it"}; });
      return;
    }
    for (const auto& without : effect_.without_tags) {
      if (!rules::any_glob(*without.value, tag)) continue;
      note([&] { return Explanation{"tags", tag, "left out: " + without.rule}; });
      return;
    }
    note([&] {
      return Explanation{"tags[" + std::to_string(out_.tags.size()) + "]", tag, std::string(why)};
    });
    out_.tags.push_back(std::move(tag));
  }

  void tags() {
    constexpr std::size_t kUsual = 12;
    out_.tags.reserve(kUsual);
    for (const Template& tag : options_.tags) {
      if (tag.constant()) {
        add_tag(tag.literal(), "tags");
        continue;
      }
      for (const std::string& one : tag.list(subject())) add_tag(one, "tags");
    }
    for (const auto& given : effect_.tags) {
      for (const std::string& one : given.value->list(subject())) add_tag(one, given.rule);
    }
    // Our test alerts are found by these tags, so they always have them.
    const BuiltInTags built_in = is_our_test() ? BuiltInTags{} : options_.built_in_tags;
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

  bool is_our_test() const {
    return std::any_of(alert_.groups.begin(), alert_.groups.end(),
                       [](const std::string& group) { return group.starts_with("socbridge_"); });
  }

  // A test alert does not become a case. Nothing may remove the tag: it identifies the open case,
  // and alerts whose case is still missing.
  void promotion() {
    const bool wanted = effect_.promote ? effect_.promote->value->wanted : options_.promote;
    if (is_our_test() || (!wanted && !effect_.promote)) return;
    const std::string why = effect_.promote ? effect_.promote->rule : "promote";
    if (!wanted) {
      note([&] { return Explanation{"promotion", "none", why}; });
      return;
    }
    const bool has_paths = effect_.promote && !effect_.promote->value->by.empty();
    const auto& by = has_paths ? effect_.promote->value->by : options_.promote_by;
    out_.promotion.emplace();
    if (!by.empty()) out_.promotion->key = case_key(alert_, by, options_.manager_alias);
    const std::string& key = out_.promotion->key;
    out_.tags.push_back(out_.promotion->tag());
    note([&] {
      const char* const lacks = by.empty() ? "" : "; a field to share a case by is missing";
      return key.empty() ? Explanation{"promotion", "a case of its own", why + lacks}
                         : Explanation{"promotion", "the open case of " + key, why};
    });
  }

  void procedures() {
    // The arrays are not parallel: a tactic is certain only if there is exactly one.
    const std::string tactic =
        alert_.mitre_tactics.size() == 1 ? tactic_key(alert_.mitre_tactics.front()) : std::string();
    out_.procedures.reserve(alert_.mitre_ids.size());
    for (const std::string& id : alert_.mitre_ids) {
      out_.procedures.push_back({id, out_.date_ms, tactic});
      note([&] {
        return Explanation{"procedures", id,
                           "rule.mitre.id" + (tactic.empty() ? "" : ", tactic " + tactic)};
      });
    }
  }

  void external_link() {
    const Template& from =
        effect_.external_link ? *effect_.external_link->value : options_.external_link;
    std::string link = from.text(subject(), http::url_encode);
    // A cut link is useless, so it is omitted.
    if (link.empty() || utf16_length(link) > thehive::limits::kExternalLink) return;
    out_.external_link = std::move(link);
    note([&] {
      return Explanation{"externalLink", out_.external_link,
                         effect_.external_link ? effect_.external_link->rule : "external_link"};
    });
  }

  void case_template() {
    std::string name = effect_.case_template ? effect_.case_template->value
                                             : options_.case_template.text(subject());
    if (trim(name).empty()) return;
    out_.case_template = std::move(name);
    note([&] {
      return Explanation{"caseTemplate", out_.case_template,
                         effect_.case_template ? effect_.case_template->rule : "case_template"};
    });
  }

  void add_field(const CustomFieldSource& source, const std::string& why) {
    const CustomFieldValue value = custom_field_value(source, subject());
    if (!value.error.empty()) {
      note([&] {
        return Explanation{"customFields." + source.name, "left out", why + ": " + value.error};
      });
    }
    if (value.json.empty()) return;
    const auto same = [&](const thehive::CustomField& field) { return field.name == source.name; };
    auto& fields = out_.custom_fields;
    fields.erase(std::remove_if(fields.begin(), fields.end(), same), fields.end());
    fields.push_back({source.name, value.json});
    note([&] { return Explanation{"customFields." + source.name, value.json, why}; });
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
      note([&] { return Explanation{"observables", "none", effect_.observables->rule}; });
    }
    const std::string& made_title = made_title_ ? *made_title_ : out_.title;
    out_.description = make_description(alert_, made_title, options_, extracted);
    out_.observables = std::move(extracted.observables);
    const Template& from = effect_.description ? *effect_.description->value : options_.description;
    if (from.empty()) return;
    rules::Subject with_made = subject();
    with_made.description = out_.description;
    out_.description = from.text(with_made, escaped);
    note([&] {
      return Explanation{"description", truncate_utf16(out_.description, 60),
                         effect_.description ? effect_.description->rule : "description"};
    });
  }

  const wazuh::Alert& alert_;
  const Options& options_;
  std::vector<Explanation>* notes_;
  thehive::Alert& out_;
  const Effect effect_;
  std::optional<std::string> made_title_;  // the title that a template replaced
};

}  // namespace

void convert(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
             thehive::Alert& out, std::vector<Explanation>* notes) {
  out.source_ref = wazuh::source_ref(alert, options.manager_alias);
  out.date_ms = alert.time_ms.value_or(now_ms);
  Converter(alert, options, out, notes).run();
}

}  // namespace socbridge::mapping
