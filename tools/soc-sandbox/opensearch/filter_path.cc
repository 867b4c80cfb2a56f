// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opensearch/filter_path.h"

#include <optional>
#include <vector>

#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::sandbox {
namespace {

using Pattern = std::vector<std::string_view>;  // the remaining segments of one path

// `*` matches any number of characters.
bool fits(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= name.size(); ++at) {
    if (fits(name.substr(at), rest)) return true;
  }
  return false;
}

std::optional<std::string> filtered(json::Value value, const std::vector<Pattern>& patterns);

std::optional<std::string> filtered_member(std::string_view name, json::Value value,
                                           const std::vector<Pattern>& patterns) {
  std::vector<Pattern> rest;
  for (const Pattern& pattern : patterns) {
    if (!fits(name, pattern.front())) continue;
    if (pattern.size() == 1) return value.dump();
    rest.emplace_back(pattern.begin() + 1, pattern.end());
  }
  return rest.empty() ? std::nullopt : filtered(value, rest);
}

// Empty if nothing of the value remains.
std::optional<std::string> filtered(json::Value value, const std::vector<Pattern>& patterns) {
  json::Writer w;
  bool any = false;
  if (value.is_array()) {
    w.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (const auto left = filtered(value.at(i), patterns)) {
        any = true;
        w.raw(*left);
      }
    }
    w.end_array();
  } else if (value.is_object()) {
    w.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (const auto left = filtered_member(value.key_at(i), value.value_at(i), patterns)) {
        any = true;
        w.key(value.key_at(i));
        w.raw(*left);
      }
    }
    w.end_object();
  }
  return any ? std::optional<std::string>(std::move(w).take()) : std::nullopt;
}

}  // namespace

std::string filter_path(std::string_view json, std::string_view patterns) {
  const auto document = json::Document::parse(json);
  if (!document.ok() || !document->root().is_object()) return std::string(json);
  std::vector<Pattern> paths;
  for (const std::string_view path : split(patterns, ',')) paths.push_back(split(path, '.'));
  return filtered(document->root(), paths).value_or("{}");
}

}  // namespace socbridge::sandbox
