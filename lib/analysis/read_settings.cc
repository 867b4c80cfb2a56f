// SPDX-License-Identifier: Apache-2.0
#include "analysis/read_settings.h"

#include "base/text.h"
#include "base/time.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::analysis {
namespace {

using config::Kind;

Status wrong(const profile::Section& section, const std::string& dotted, const std::string& what,
             std::string hint) {
  return Status::error(ExitCode::usage, section.where(dotted) + ": " + what, std::move(hint));
}

Result<Rule> read_rule(const profile::Section& section, const std::string& name,
                       const json::Value& value, const PresetOf& preset_of) {
  const std::string at = "rules." + name;
  if (!value.is_object()) {
    return wrong(section, at, "rule \"" + printable(name, 60) + "\" must be an object", "");
  }
  if (const Status bad = profile::check_object(section, at, value, rule_schema()); !bad.ok()) {
    return bad;
  }
  Rule rule;
  rule.name = name;
  rule.types = value["types"].texts();
  rule.tags = value["tags"].texts();
  rule.sources = value["sources"].texts();
  rule.in = value["in"].texts();
  for (const std::string& where : rule.in) {
    if (where != "alert" && where != "case") {
      return wrong(section, at + ".in", "in has the unknown value \"" + printable(where, 40) + "\"",
                   "known are alert and case");
    }
  }
  if (const auto text = value["min_severity"].string()) {
    const auto level = thehive::parse_severity(*text);
    if (!level) {
      return wrong(section, at + ".min_severity",
                   "min_severity is \"" + printable(*text, 40) + "\"",
                   "known are low, medium, high, critical");
    }
    rule.min_severity = *level;
  }
  if (const auto text = value["max_tlp"].string()) {
    if (!thehive::parse_tlp(*text, true)) {
      return wrong(section, at + ".max_tlp", "max_tlp is \"" + printable(*text, 40) + "\"",
                   "known are clear, green, amber, amber+strict, red");
    }
    rule.max_tlp = std::string(*text);
  }
  rule.private_addresses = value["private_addresses"].boolean().value_or(false);
  rule.analyzers = value["analyzers"].texts();
  if (const auto preset = value["preset"].string(); preset && !preset->empty()) {
    auto names = preset_of(*preset);
    if (!names.ok()) {
      return wrong(section, at + ".preset", names.status().message(), names.status().hint());
    }
    rule.preset = std::move(*names);
  }
  return rule;
}

}  // namespace

const config::Schema& section_schema() {
  static const config::Schema schema = {
      {"rules", Kind::object, "{}", "Rules by name, in the order they are tried"},
      {"exclude", Kind::string_list, "[]",
       "Networks, names and values that no analyzer may receive"},
      {"repeat_after", Kind::string, "\"0\"",
       "Time until a value that was analysed elsewhere is analysed again; 0: always analyse"},
  };
  return schema;
}

const config::Schema& rule_schema() {
  static const config::Schema schema = {
      {"types", Kind::string_list, "[]", "Data types; empty: all"},
      {"tags", Kind::string_list, "[]", "At least one of these tags is required"},
      {"sources", Kind::string_list, "[]", "Sources of alerts"},
      {"in", Kind::string_list, "[]", "alert, case; empty: both"},
      {"min_severity", Kind::string, "\"low\"", "Lowest severity of the alert or case"},
      {"max_tlp", Kind::string, "\"amber\"", "Highest TLP of the observable"},
      {"private_addresses", Kind::boolean, "false", "Also analyse private addresses"},
      {"analyzers", Kind::string_list, "[]",
       "Names, with or without version; empty: all that accept the type"},
      {"preset", Kind::string, "\"\"", "Analyzers of this preset"},
  };
  return schema;
}

Result<Settings> read_settings(const profile::Section& section, const PresetOf& preset_of) {
  if (!section.found()) {
    return Status::error(ExitCode::usage, "the configuration has no section \"analysis\"",
                         "write it into ~/.config/socctl/config.json; socctl help analysis shows "
                         "how");
  }
  const json::Value value = section.value();
  if (const Status bad = profile::check_object(section, "", value, section_schema()); !bad.ok()) {
    return bad;
  }
  Settings out;
  auto exclude = Exclusions::make(value["exclude"].texts());
  if (!exclude.ok())
    return wrong(section, "exclude", exclude.status().message(), exclude.status().hint());
  out.exclude = std::move(*exclude);
  if (const auto text = value["repeat_after"].string()) {
    const auto ms = parse_duration_ms(*text);
    if (!ms) {
      return wrong(section, "repeat_after",
                   "repeat_after is \"" + printable(*text, 40) + "\", which is not a duration",
                   "examples: 12h, 7d");
    }
    out.repeat_after_ms = *ms;
  }
  const json::Value rules = value["rules"];
  for (std::size_t i = 0; i < rules.size(); ++i) {
    auto rule = read_rule(section, std::string(rules.key_at(i)), rules.value_at(i), preset_of);
    if (!rule.ok()) return rule.status();
    out.rules.push_back(std::move(*rule));
  }
  if (out.rules.empty()) {
    return wrong(section, "rules", "the section \"analysis\" has no rules",
                 "socctl help analysis shows some");
  }
  return out;
}

}  // namespace socbridge::analysis
