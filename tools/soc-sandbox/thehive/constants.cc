// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/constants.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace socbridge::sandbox {
namespace {

template <std::size_t N>
std::string label(const std::array<const char*, N>& names, int value) {
  if (value < 0 || static_cast<std::size_t>(value) >= N) return "UNKNOWN";
  return names[static_cast<std::size_t>(value)];
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::array<std::string_view, 9> kAlertStatuses = {
    "New",     "Updated",    "InProgress",    "Pending",     "Imported",
    "Ignored", "Duplicated", "FalsePositive", "TruePositive"};
constexpr std::array<std::string_view, 8> kCaseStatuses = {
    "New",           "InProgress", "TruePositive", "FalsePositive",
    "Indeterminate", "Duplicated", "Other",        "Pending"};
constexpr std::array<std::string_view, 14> kTactics = {"reconnaissance",  "resource-development",
                                                       "initial-access",  "execution",
                                                       "persistence",     "privilege-escalation",
                                                       "defense-evasion", "credential-access",
                                                       "discovery",       "lateral-movement",
                                                       "collection",      "command-and-control",
                                                       "exfiltration",    "impact"};

}  // namespace

std::string severity_label(int severity) {
  return label(std::array{"UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"}, severity);
}

std::string tlp_label(int tlp, bool four_levels) {
  if (four_levels) return label(std::array{"WHITE", "GREEN", "AMBER", "RED"}, tlp);
  return label(std::array{"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"}, tlp);
}

std::string pap_label(int pap) { return label(std::array{"CLEAR", "GREEN", "AMBER", "RED"}, pap); }

bool is_alert_status(std::string_view status) { return contains(kAlertStatuses, status); }
bool is_case_status(std::string_view status) { return contains(kCaseStatuses, status); }

std::string stage_of(std::string_view status) {
  if (status == "New" || status == "Updated") return "New";
  if (status == "InProgress" || status == "Pending") return "InProgress";
  if (status == "Imported") return "Imported";
  return "Closed";
}

bool is_known_pattern(std::string_view id) {
  constexpr std::size_t kTechnique = 5, kSubTechnique = 9;
  if (id.size() != kTechnique && id.size() != kSubTechnique) return false;
  if (id.substr(0, 2) != "T1" || id[2] > '6' || !all_digits(id.substr(2, 3))) return false;
  if (id.size() == kTechnique) return true;
  const std::string_view sub = id.substr(kTechnique);
  return sub.substr(0, 2) == ".0" && all_digits(sub.substr(1)) && sub != ".000";
}

bool is_tactic(std::string_view tactic) { return contains(kTactics, tactic); }

}  // namespace socbridge::sandbox
