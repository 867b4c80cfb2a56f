// SPDX-License-Identifier: Apache-2.0
#include "rules/value_choice.h"

#include "base/text.h"
#include "rules/reading.h"

namespace socbridge::rules {
namespace {

constexpr std::size_t kMostRows = 1000;

// A text or number.
std::string scalar_of(json::Value value, Faults& faults) {
  const auto text = value.scalar_text();
  if (!text || text->empty()) faults.add("must be a text or a number");
  return text.value_or("");
}

}  // namespace

void ValueChoice::read_map(json::Value value, Faults& faults) {
  const Faults::Scope down(faults, "map");
  if (!value.is_object() || value.size() == 0 || value.size() > kMostRows) {
    faults.add("must be an object of 1 to 1000 values", R"(for example {"1": 4, "2": 3})");
    return;
  }
  json::DuplicateKeyFilter names(value);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Faults::Scope row(faults, value.key_at(i));
    if (!is_first(names, i, faults)) continue;
    Row one;
    one.pattern = std::string(value.key_at(i));
    one.range = ValueRange::parse(one.pattern);
    one.result = scalar_of(value.value_at(i), faults);
    map_.push_back(std::move(one));
  }
}

ValueChoice ValueChoice::read(json::Value value, Faults& faults) {
  ValueChoice choice;
  if (!value.is_object()) {
    choice.template_ = Template::read(scalar_of(value, faults), faults);
    return choice;
  }
  choice.is_map_ = true;
  if (!read_object(value, {"from", "map", "default"}, faults)) return choice;
  {
    const Faults::Scope down(faults, "from");
    const std::string from = read_text(value["from"], faults);
    const bool is_template = from.find('{') != std::string::npos;
    if (!from.empty()) {
      choice.template_ = Template::read(is_template ? from : "{" + from + "}", faults);
    }
  }
  choice.read_map(value["map"], faults);
  if (value["default"].missing()) return choice;
  const Faults::Scope down(faults, "default");
  choice.default_ = scalar_of(value["default"], faults);
  return choice;
}

std::optional<std::string> ValueChoice::value(const Subject& subject) const {
  const Template::Filled filled = template_.fill(subject);
  const std::string_view text = trim(filled.text);
  if (!is_map_) {
    if (!filled.complete || text.empty()) return std::nullopt;
    return std::string(text);
  }
  for (const Row& row : map_) {
    if (text.empty()) break;
    if (glob_matches(row.pattern, text) || (row.range && row.range->holds(text))) {
      return row.result;
    }
  }
  return default_;
}

std::optional<std::string> ValueChoice::constant() const {
  if (is_map_ || !template_.constant()) return std::nullopt;
  return std::string(template_.literal());
}

std::string ValueChoice::reason(const Subject& subject) const {
  if (constant()) return {};
  const Template::Filled filled = template_.fill(subject);
  return template_.source() + " is " +
         (filled.text.empty() ? "missing" : "\"" + printable(filled.text, 60) + "\"");
}

std::vector<std::string> ValueChoice::results() const {
  std::vector<std::string> out;
  for (const Row& row : map_) out.push_back(row.result);
  if (default_) out.push_back(*default_);
  if (const auto one = constant()) out.push_back(*one);
  return out;
}

}  // namespace socbridge::rules
