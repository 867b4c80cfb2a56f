// SPDX-License-Identifier: Apache-2.0
#include "rules/template.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "http/client.h"
#include "json/writer.h"

namespace socbridge::rules {
namespace {

constexpr UnixMillis kAround = UnixMillis{5} * 60 * 1000;
constexpr std::size_t kMostElements = 1000;
constexpr std::size_t kMostFilled = std::size_t{4} << 20;  // bytes

// Fields that have a member of wazuh::Alert of their own, because Wazuh 5 has them elsewhere or in
// several forms. Empty optional: any other field.
std::optional<std::string> special(std::string_view name, const Subject& subject) {
  const wazuh::Alert& alert = subject.alert;
  if (name == "source_ref") return std::string(subject.source_ref);
  if (name == "description") return std::string(subject.description);
  if (name == "time.from") return format_utc(subject.date_ms - kAround);
  if (name == "time.to") return format_utc(subject.date_ms + kAround);
  if (name == "id") return alert.id;
  if (name == "rule.id") return alert.rule_id;
  if (name == "rule.level") return std::to_string(alert.level);
  if (name == "rule.description") return alert.description;
  if (name == "agent.id") return alert.agent_id;
  if (name == "agent.name") return alert.agent_name;
  if (name == "agent.ip") return alert.agent_ip;
  return std::nullopt;
}

// Of a Windows or Unix path.
std::string basename_of(std::string_view path) {
  while (path.size() > 1 && (path.back() == '/' || path.back() == '\\')) path.remove_suffix(1);
  const std::size_t slash = path.find_last_of("/\\");
  return std::string(
      slash == std::string_view::npos || slash + 1 == path.size() ? path : path.substr(slash + 1));
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += separator;
    out += texts[i];
  }
  return out;
}

std::string json_of(const std::vector<std::string>& texts) {
  json::Writer w;
  w.begin_array();
  for (const std::string& text : texts) w.value(text);
  w.end_array();
  return std::move(w).take();
}

template <typename Change>
void each(std::vector<std::string>& texts, const Change& change) {
  for (std::string& text : texts) text = change(text);
}

}  // namespace

struct Template::Value {
  std::vector<std::string> texts;  // empty: the field is missing
  json::Value json;                // the alert's value, until a filter changes it
};

Template::Value Template::load(const std::string& name, const Subject& subject) {
  Value value;
  value.json = subject.alert.root().path(name);
  if (auto text = special(name, subject)) {
    if (!text->empty()) value.texts.push_back(std::move(*text));
    return value;
  }
  const auto take = [&](json::Value one) {
    auto text = one.scalar_text();
    if (text && !text->empty()) value.texts.push_back(std::move(*text));
  };
  if (!value.json.is_array()) {
    take(value.json);
    return value;
  }
  const std::size_t count = std::min(value.json.size(), kMostElements);
  for (std::size_t i = 0; i < count; ++i) take(value.json.at(i));
  return value;
}

void Template::apply(const Step& step, Value& value) {
  std::vector<std::string>& texts = value.texts;
  if (step.filter == Filter::json) {
    const bool there = !value.json.missing() && value.json.type() != json::Type::null;
    if (there) {
      texts.assign(1, value.json.dump());
    } else if (!texts.empty()) {
      texts.assign(1, texts.size() == 1 ? json::quote(texts.front()) : json_of(texts));
    }
    value.json = {};
    return;
  }
  value.json = {};
  if (texts.empty()) return;
  switch (step.filter) {
    case Filter::upper: each(texts, [](std::string& text) { return ascii_upper(text); }); break;
    case Filter::lower: each(texts, [](std::string& text) { return ascii_lower(text); }); break;
    case Filter::trim:
      each(texts, [](std::string& text) { return std::string(trim(text)); });
      break;
    case Filter::basename: each(texts, [](std::string& text) { return basename_of(text); }); break;
    case Filter::url: each(texts, [](std::string& text) { return http::url_encode(text); }); break;
    case Filter::cut:
      each(texts, [&](std::string& text) { return truncate_utf16(text, step.number); });
      break;
    case Filter::first: texts.resize(1); break;
    case Filter::last: texts = {texts.back()}; break;
    case Filter::join: texts = {joined(texts, step.argument)}; break;
    case Filter::json: break;
  }
}

Template::Value Template::value_of(const Part& part, const Subject& subject) {
  Value value;
  for (std::size_t i = 0; i < part.steps.size(); ++i) {
    const Step& step = part.steps[i];
    if (step.kind == Step::Kind::filter) {
      apply(step, value);
    } else if (value.texts.empty()) {
      // A member that is not a scalar is a value for `json`, so a default does not replace it.
      if (i > 0 && value.json.size() > 0) continue;
      if (step.kind == Step::Kind::field) {
        value = load(step.argument, subject);
      } else {
        value.texts.assign(1, step.argument);
        value.json = {};
      }
    }
  }
  return value;
}

bool Template::constant() const {
  return std::all_of(parts_.begin(), parts_.end(),
                     [](const Part& part) { return part.steps.empty(); });
}

std::string_view Template::literal() const {
  return parts_.empty() ? std::string_view() : std::string_view(parts_.front().literal);
}

bool Template::names(std::string_view field) const {
  for (const Part& part : parts_) {
    for (const Step& step : part.steps) {
      if (step.kind == Step::Kind::field && step.argument == field) return true;
    }
  }
  return false;
}

Template::Filled Template::fill(const Subject& subject, Encode encode) const {
  Filled out;
  for (const Part& part : parts_) {
    if (part.steps.empty()) {
      out.text += part.literal;
      continue;
    }
    const Value value = value_of(part, subject);
    if (value.texts.empty()) out.complete = false;
    const std::string text = joined(value.texts, ", ");
    const bool as_it_is = encode == nullptr || part.steps.front().argument == "description";
    out.text += as_it_is ? text : encode(text);
    if (out.text.size() > kMostFilled) break;
  }
  return out;
}

std::vector<std::string> Template::list(const Subject& subject) const {
  if (parts_.size() == 1 && !parts_.front().steps.empty()) {
    std::vector<std::string> texts = value_of(parts_.front(), subject).texts;
    std::erase(texts, "");  // of a default "", or left by trim
    return texts;
  }
  Filled filled = fill(subject);
  if (!filled.complete || filled.text.empty()) return {};
  return {std::move(filled.text)};
}

std::string Template::json(const Subject& subject) const {
  if (parts_.size() == 1 && !parts_.front().steps.empty()) {
    const Value value = value_of(parts_.front(), subject);
    if (value.json.is_number() || value.json.type() == json::Type::boolean) {
      return value.json.dump();
    }
  }
  const std::string text = fill(subject).text;
  return text.empty() ? std::string() : json::quote(text);
}

}  // namespace socbridge::rules
