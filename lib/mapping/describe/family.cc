// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/family.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "mapping/describe/family_table.h"
#include "mapping/win_eventdata.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMostElements = 20;

bool is_mark(json::Value root, std::string_view mark) {
  const std::size_t equals = mark.find('=');
  const json::Value value = root.path(mark.substr(0, equals));
  if (value.missing() || value.type() == json::Type::null) return false;
  if (equals == std::string_view::npos) return !value.is_string() || !value.string()->empty();
  const auto text = value.scalar_text();
  const auto wanted = split(mark.substr(equals + 1), ',');
  return text && std::find(wanted.begin(), wanted.end(), *text) != wanted.end();
}

std::optional<Fact> fact_of(json::Value root, const FamilyField& field) {
  for (const std::string_view one : split(field.paths, ' ')) {
    std::string path(one);
    if (path.front() == '@') path.replace(0, 1, "data.win.eventdata.");
    std::string text = text_of(root.path(path), path);
    if (!text.empty()) return Fact{std::string(field.label), std::move(text), std::move(path)};
  }
  return std::nullopt;
}

}  // namespace

std::string text_of(json::Value value, std::string_view path) {
  std::string out;
  const bool windows = path.starts_with("data.win.");
  const auto take = [&](json::Value one) {
    const auto text = one.scalar_text();
    if (!text || trim(*text).empty()) return;
    if (!out.empty()) out += ", ";
    out += windows ? unescape_eventdata(*text) : std::string(trim(*text));
  };
  if (!value.is_array()) {
    take(value);
    return out;
  }
  const std::size_t count = std::min(value.size(), kMostElements);
  for (std::size_t i = 0; i < count; ++i) take(value.at(i));
  if (count < value.size() && !out.empty()) out += ", …";
  return out;
}

Family family_of(const wazuh::Alert& alert) {
  std::size_t count = 0;
  const FamilyRow* const rows = family_rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    const FamilyRow& row = rows[i];
    const auto marks = split(row.marks, ' ');
    const bool fits = std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
      return is_mark(alert.root(), mark);
    });
    if (!fits) continue;
    Family family;
    for (std::size_t k = 0; k < row.count; ++k) {
      if (auto fact = fact_of(alert.root(), row.fields[k]))
        family.facts.push_back(std::move(*fact));
    }
    if (family.facts.empty()) continue;
    family.name = row.name;
    return family;
  }
  return {};
}

}  // namespace socbridge::mapping
