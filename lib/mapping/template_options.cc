// SPDX-License-Identifier: Apache-2.0
#include "mapping/template_options.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mapping/preset/preset.h"
#include "rules/reading.h"
#include "thehive/alert.h"

namespace socbridge::mapping {
namespace {

using rules::Faults;
using rules::Template;

void read_tags(const config::Settings& settings, Options& options, Faults& faults) {
  options.tags.clear();
  const std::vector<std::string> texts = settings.list("tags");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Faults::Scope down(faults, i);
    options.tags.push_back(Template::read(texts[i], faults));
  }
}

void read_built_in_tags(const config::Settings& settings, Options& options, Faults& faults) {
  options.built_in_tags = {false, false, false, false};
  const std::vector<std::string> names = settings.list("built_in_tags");
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Faults::Scope down(faults, i);
    if (names[i] == "rule") {
      options.built_in_tags.rule = true;
    } else if (names[i] == "agent") {
      options.built_in_tags.agent = true;
    } else if (names[i] == "mitre") {
      options.built_in_tags.mitre = true;
    } else if (names[i] == "groups") {
      options.built_in_tags.groups = true;
    } else {
      faults.add("there is no built-in tag " + quoted(names[i]),
                 "known are rule, agent, mitre and groups");
    }
  }
}

CustomFieldSource read_field(std::string_view name, json::Value value, Faults& faults) {
  CustomFieldSource field;
  field.name = std::string(name);
  if (name.empty() || utf16_length(name) > thehive::limits::kCustomFieldName) {
    faults.add("a custom field has a name of 1 to 64 characters");
  }
  json::Value text = value;
  if (value.is_object() && rules::read_object(value, {"value", "type"}, faults)) {
    text = value["value"];
    const Faults::Scope down(faults, "type");
    const bool given = !value["type"].missing();
    const auto type = field_type_called(given ? value["type"].string().value_or("") : "automatic");
    if (!type) {
      faults.add("is not a custom field type",
                 "known are string, integer, float, boolean, date and automatic");
    }
    field.type = type.value_or(FieldType::automatic);
  }
  const auto from = text.scalar_text();
  if (!from) {
    faults.add("must be a template, or an object of value and type",
               R"(for example {"wazuh-rule": "{rule.id}"})");
    return field;
  }
  if (!value.is_object()) {
    field.value = Template::read(*from, faults);
    return field;
  }
  const Faults::Scope down(faults, "value");
  field.value = Template::read(*from, faults);
  return field;
}

bool has_field(const std::vector<CustomFieldSource>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const CustomFieldSource& field) { return field.name == name; });
}

// Fields of presets that the configuration does not set.
void add_preset_fields(const config::Settings& settings, Options& options, Faults& faults) {
  for (const std::string& name : settings.list("presets")) {
    const Preset* const preset = preset_called(name);
    if (preset == nullptr) continue;  // reported by the reader of the file
    const auto document = json::Document::parse(preset->custom_fields);
    for (std::size_t i = 0; document.ok() && i < document->root().size(); ++i) {
      const json::Value table = document->root();
      if (has_field(options.custom_fields, table.key_at(i))) continue;
      options.custom_fields.push_back(read_field(table.key_at(i), table.value_at(i), faults));
    }
  }
}

}  // namespace

std::optional<FieldType> field_type_called(std::string_view name) {
  if (name == "automatic") return FieldType::automatic;
  if (name == "string") return FieldType::string;
  if (name == "integer") return FieldType::integer;
  if (name == "float") return FieldType::floating;
  if (name == "boolean") return FieldType::boolean;
  if (name == "date") return FieldType::date;
  return std::nullopt;
}

void read_templates(const config::Settings& settings, Options& options, Faults& faults) {
  for (const auto& [name, into] :
       {std::pair("title", &options.title), std::pair("description", &options.description),
        std::pair("type", &options.type), std::pair("source", &options.source),
        std::pair("external_link", &options.external_link),
        std::pair("case_template", &options.case_template)}) {
    const Faults::Scope down(faults, name);
    *into = Template::read(settings.text(name), faults);
    if (into != &options.description && into->names("description")) {
      faults.add("{description} is allowed only in a description",
                 "did you mean {rule.description}?");
    }
  }
  {
    const Faults::Scope down(faults, "tags");
    read_tags(settings, options, faults);
  }
  {
    const Faults::Scope down(faults, "built_in_tags");
    read_built_in_tags(settings, options, faults);
  }
  const Faults::Scope down(faults, "custom_fields");
  const json::Value table = settings.json("custom_fields");
  json::DuplicateKeyFilter names(table);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Faults::Scope field(faults, table.key_at(i));
    if (!rules::is_first(names, i, faults)) continue;
    options.custom_fields.push_back(read_field(table.key_at(i), table.value_at(i), faults));
  }
  add_preset_fields(settings, options, faults);
}

}  // namespace socbridge::mapping
