// SPDX-License-Identifier: Apache-2.0
#include "receive/body_format.h"

#include <utility>

#include "base/text.h"
#include "json/writer.h"
#include "rules/reading.h"
#include "wazuh/alert.h"

namespace socbridge::receive {
namespace {

constexpr std::size_t kMostFormats = 1000;

rules::Template read_template(json::Value format, std::string_view name, rules::Faults& faults) {
  const json::Value value = format[name];
  if (value.missing()) return {};
  const rules::Faults::Scope down(faults, name);
  const std::string text = rules::read_text(value, faults);
  return rules::Template::read(text, faults);
}

void read_match(json::Value value, BodyFormat& format, rules::Faults& faults) {
  const rules::Faults::Scope down(faults, "match");
  if (!value.is_array()) {
    format.match.push_back(rules::Filter::read(value, faults));
    return;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const rules::Faults::Scope row(faults, i);
    format.match.push_back(rules::Filter::read(value.at(i), faults));
  }
}

BodyFormat read_format(json::Value value, rules::Faults& faults) {
  BodyFormat format;
  if (!rules::read_object(value,
                          {"name", "match", "each", "id", "timestamp", "level", "rule_id", "title",
                           "agent", "source", "groups"},
                          faults)) {
    return format;
  }
  {
    const rules::Faults::Scope down(faults, "name");
    format.name = rules::read_text(value["name"], faults);
  }
  if (!value["match"].missing()) read_match(value["match"], format, faults);
  if (!value["each"].missing()) {
    const rules::Faults::Scope down(faults, "each");
    format.each = rules::read_text(value["each"], faults);
  }
  format.id = read_template(value, "id", faults);
  format.timestamp = read_template(value, "timestamp", faults);
  format.rule_id = read_template(value, "rule_id", faults);
  format.title = read_template(value, "title", faults);
  format.agent = read_template(value, "agent", faults);
  format.source = read_template(value, "source", faults);
  if (!value["level"].missing()) {
    const rules::Faults::Scope down(faults, "level");
    format.level = rules::ValueChoice::read(value["level"], faults);
  }
  if (value["groups"].missing()) return format;
  const rules::Faults::Scope down(faults, "groups");
  for (const std::string& text : rules::read_texts(value["groups"], faults)) {
    format.groups.push_back(rules::Template::read(text, faults));
  }
  return format;
}

}  // namespace

Result<BodyFormats> BodyFormats::read(std::string_view text, const std::string& origin) {
  json::ParseOptions options;
  options.comments = true;
  const auto document = json::Document::parse(text, options);
  if (!document.ok()) {
    return Status::error(ExitCode::usage, origin + ": " + document.status().message());
  }
  BodyFormats out;
  rules::Faults faults;
  const json::Value root = document->root();
  if (rules::read_object(root, {"formats"}, faults)) {
    const rules::Faults::Scope down(faults, "formats");
    const json::Value list = root["formats"];
    if (!list.is_array() || list.size() == 0 || list.size() > kMostFormats) {
      faults.add("must be a list of 1 to 1000 formats");
    }
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
      const rules::Faults::Scope row(faults, i);
      out.formats_.push_back(read_format(list.at(i), faults));
    }
  }
  if (faults.none()) return out;
  const rules::Fault& first = faults.list().front();
  const std::string place = json::locate_value(text, first.pointer, first.offset);
  return Status::error(ExitCode::usage,
                       origin + (place.empty() ? "" : ":" + place) + ": " + rules::line_of(first),
                       first.hint);
}

const BodyFormat* BodyFormats::find(json::Value object) const {
  if (formats_.empty()) return nullptr;
  json::Writer w;
  w.begin_object();
  w.member("data", object);
  w.end_object();
  const auto alert = wazuh::Alert::parse(w.text());
  if (!alert.ok()) return nullptr;
  for (const BodyFormat& format : formats_) {
    bool fits = format.match.empty();
    for (const rules::Filter& filter : format.match) {
      fits = fits || filter.matches(*alert).has_value();
    }
    if (fits) return &format;
  }
  return nullptr;
}

}  // namespace socbridge::receive
