// SPDX-License-Identifier: Apache-2.0
#include "thehive/tlp_pap_severity.h"

#include <span>

#include "base/text.h"

namespace socbridge::thehive {
namespace {

constexpr std::string_view kSeverities[] = {"", "low", "medium", "high", "critical"};
constexpr std::string_view kFour[] = {"clear", "green", "amber", "red"};
constexpr std::string_view kFive[] = {"clear", "green", "amber", "amber+strict", "red"};

std::string name_of(std::span<const std::string_view> names, int level) {
  const bool known = level >= 0 && static_cast<std::size_t>(level) < names.size();
  if (!known || names[static_cast<std::size_t>(level)].empty()) return std::to_string(level);
  return std::string(names[static_cast<std::size_t>(level)]);
}

std::optional<int> level_of(std::span<const std::string_view> names, std::string_view text) {
  const std::string_view word = iequals(text, "white") ? "clear" : text;
  const auto number = parse_u64(text);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    if (iequals(names[i], word) || (number && *number == i)) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return istarts_with(text, prefix) ? text.substr(prefix.size()) : text;
}

}  // namespace

std::string severity_name(int severity) { return name_of(kSeverities, severity); }
std::string pap_name(int pap) { return name_of(kFour, pap); }

std::string tlp_name(int tlp, bool five_levels) {
  return five_levels ? name_of(kFive, tlp) : name_of(kFour, tlp);
}

std::optional<int> parse_severity(std::string_view text) { return level_of(kSeverities, text); }

std::optional<int> parse_tlp(std::string_view text, bool five_levels) {
  const std::string_view word = without_prefix(trim(text), "tlp:");
  return five_levels ? level_of(kFive, word) : level_of(kFour, word);
}

std::optional<int> parse_pap(std::string_view text) {
  return level_of(kFour, without_prefix(trim(text), "pap:"));
}

}  // namespace socbridge::thehive
