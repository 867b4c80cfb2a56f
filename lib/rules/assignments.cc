// SPDX-License-Identifier: Apache-2.0
#include "rules/assignments.h"

#include <utility>

#include "base/text.h"
#include "rules/reading.h"
#include "thehive/alert.h"
#include "thehive/tlp_pap_severity.h"

namespace socbridge::rules {
namespace {

constexpr std::size_t kMostPaths = 8;
constexpr std::size_t kMostTags = 100;
constexpr std::size_t kMostDestinations = 100;

using ToNumber = std::optional<int> (*)(std::string_view);

// A scale of TheHive. Values that are known beforehand must be on it.
std::optional<ValueChoice> scale(json::Value value, ToNumber to_number, const char* what,
                                 Faults& faults) {
  ValueChoice choice = ValueChoice::read(value, faults);
  for (const std::string& result : choice.results()) {
    if (!result.empty() && !to_number(result)) faults.add(quoted(result) + " is not a " + what);
  }
  return choice;
}

// The type or source, which are part of an alert's key in TheHive.
std::optional<ValueChoice> key_part(json::Value value, Faults& faults) {
  ValueChoice choice = ValueChoice::read(value, faults);
  for (const std::string& result : choice.results()) {
    if (utf16_length(result) > thehive::limits::kType) {
      faults.add(quoted(result) + " is longer than 32 characters");
    }
    if (result.find(';') != std::string::npos) {
      faults.add("must not hold a semicolon", "TheHive separates type, source and reference by it");
    }
  }
  return choice;
}

// {description} is the text that is generated without a template; only descriptions know it.
Template text_template(json::Value value, bool may_name_description, Faults& faults) {
  Template out = Template::read(read_text(value, faults), faults);
  if (!may_name_description && out.names("description")) {
    faults.add("{description} is allowed only in a description",
               "did you mean {rule.description}?");
  }
  return out;
}

std::vector<Template> templates(json::Value value, Faults& faults) {
  std::vector<Template> out;
  const std::vector<std::string> texts = read_texts(value, faults);
  if (texts.size() > kMostTags) faults.add("has more than 100 tags");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Faults::Scope down(faults, i);
    out.push_back(Template::read(texts[i], faults));
  }
  return out;
}

// One or several names: each a template or a table.
std::vector<ValueChoice> destination_names(json::Value value, Faults& faults) {
  if (!value.is_array()) return {ValueChoice::read(value, faults)};
  std::vector<ValueChoice> out;
  if (value.size() == 0 || value.size() > kMostDestinations) {
    faults.add("must have 1 to 100 destinations");
    return out;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Faults::Scope down(faults, i);
    out.push_back(ValueChoice::read(value.at(i), faults));
  }
  return out;
}

std::vector<std::string> list_of_paths(json::Value value, const char* what, Faults& faults) {
  if (!value.is_array()) {
    faults.add(what, R"(for example ["rule.id", "agent.id"])");
    return {};
  }
  std::vector<std::string> paths = read_texts(value, faults);
  if (paths.size() > kMostPaths) faults.add("has more than 8 paths");
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Faults::Scope down(faults, i);
    if (value.at(i).scalar_text() && !value.at(i).is_string()) {
      faults.add("must be a path, such as rule.id");
    }
  }
  return paths;
}

Promote read_promote(json::Value value, Faults& faults) {
  if (const auto flag = value.boolean()) return {*flag, {}};
  return {true, list_of_paths(value, "must be true, false or a list of paths", faults)};
}

void read_fields(json::Value value, Assignments& set, Faults& faults) {
  if (!value.is_object() || value.size() == 0) {
    faults.add("must map field names to templates", R"(for example {"wazuh-rule": "{rule.id}"})");
    return;
  }
  json::DuplicateKeyFilter names(value);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Faults::Scope down(faults, value.key_at(i));
    const std::string name(value.key_at(i));
    if (!is_first(names, i, faults)) continue;
    if (name.empty() || utf16_length(name) > thehive::limits::kCustomFieldName) {
      faults.add("must have a name of 1 to 64 characters");
    }
    const auto text = value.value_at(i).scalar_text();
    if (!text) faults.add("must be a text, a number, true or false");
    set.custom_fields.emplace_back(name, Template::read(text.value_or(""), faults));
  }
}

void read_one(std::string_view name, json::Value value, Assignments& set, Faults& faults) {
  if (name == "severity") {
    set.severity = scale(value, severity_of, "severity: use 1 to 4, or low to critical", faults);
  } else if (name == "tlp") {
    set.tlp = scale(value, tlp_of, "TLP: use 0 to 4, or clear to red", faults);
  } else if (name == "pap") {
    set.pap = scale(value, pap_of, "PAP: use 0 to 3, or clear to red", faults);
  } else if (name == "type") {
    set.type = key_part(value, faults);
  } else if (name == "source") {
    set.source = key_part(value, faults);
  } else if (name == "case_template") {
    set.case_template = ValueChoice::read(value, faults);
  } else if (name == "title") {
    set.title = text_template(value, false, faults);
  } else if (name == "external_link") {
    set.external_link = text_template(value, false, faults);
  } else if (name == "description") {
    set.description = text_template(value, true, faults);
  } else if (name == "tags") {
    set.tags = templates(value, faults);
  } else if (name == "without_tags") {
    set.without_tags = read_texts(value, faults);
  } else if (name == "custom_fields") {
    read_fields(value, set, faults);
  } else if (name == "destination") {
    set.destinations = destination_names(value, faults);
  } else if (name == "group") {
    set.group_by.emplace();
    if (value.boolean() != false) {
      set.group_by = list_of_paths(value, "must be false or a list of paths", faults);
    }
  } else if (name == "promote") {
    set.promote = read_promote(value, faults);
  } else if (name == "observables") {
    set.observables = read_flag(value, faults);
  } else if (name == "drop") {
    set.drop = read_flag(value, faults);
  }
}

}  // namespace

std::optional<int> severity_of(std::string_view text) {
  return thehive::parse_severity(trim(text));
}

std::optional<int> tlp_of(std::string_view text) { return thehive::parse_tlp(trim(text), true); }

std::optional<int> pap_of(std::string_view text) { return thehive::parse_pap(trim(text)); }

Assignments read_assignments(json::Value value, Faults& faults) {
  Assignments set;
  const bool fine =
      read_object(value,
                  {"severity", "tlp", "pap", "title", "description", "type", "source", "tags",
                   "without_tags", "case_template", "custom_fields", "external_link", "destination",
                   "group", "promote", "observables", "drop"},
                  faults);
  if (fine && value.size() == 0) faults.add("sets nothing");
  for (std::size_t i = 0; fine && i < value.size(); ++i) {
    const Faults::Scope down(faults, value.key_at(i));
    read_one(value.key_at(i), value.value_at(i), set, faults);
  }
  return set;
}

}  // namespace socbridge::rules
