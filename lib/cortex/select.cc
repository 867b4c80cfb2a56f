// SPDX-License-Identifier: Apache-2.0
#include "cortex/select.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMostNames = 20;

std::string shown(const std::vector<std::string>& names) {
  return joined_as(
      names, [](const std::string& name) { return printable(name, 80); }, kMostNames);
}

// The name without the version that Cortex appends.
std::string without_version(const std::string& name) {
  const std::size_t last = name.find_last_not_of("_0123456789");
  return name.substr(0, last + 1);
}

}  // namespace

Status unknown_analyzer(const std::vector<std::string>& names, const std::string& wanted) {
  std::vector<std::string> forms, like;
  for (const std::string& name : names) {
    forms.push_back(without_version(name));
    forms.push_back(name);
    // Names are often shortened: `VirusTotal` for `VirusTotal_GetReport`.
    if (ascii_lower(name).find(ascii_lower(wanted)) != std::string::npos) like.push_back(name);
  }
  const std::string_view near = nearest(wanted, {forms.begin(), forms.end()});
  std::string hint = "enabled are " + shown(names);
  if (names.empty()) hint = "no analyzer is enabled in this organisation";
  if (!near.empty()) hint = "did you mean " + printable(near, 80) + "?";
  if (!like.empty()) hint = "did you mean " + shown(like) + "?";
  return Status::error(ExitCode::usage,
                       "Cortex has no enabled analyzer \"" + printable(wanted, 80) + "\"",
                       std::move(hint));
}

Result<std::vector<Analyzer>> taking(const std::vector<Analyzer>& chosen,
                                     const std::vector<Analyzer>& all, std::string_view type) {
  std::vector<Analyzer> out;
  for (const Analyzer& a : chosen) {
    if (a.takes(type)) out.push_back(a);
  }
  if (!out.empty()) return out;
  std::vector<std::string> names, could;
  for (const Analyzer& a : chosen) names.push_back(a.name);
  for (const Analyzer& a : all) {
    if (a.takes(type)) could.push_back(a.name);
  }
  const bool any = chosen.size() == all.size();
  const std::string who = any ? "no enabled analyzer takes " : shown(names) + " does not take ";
  return Status::error(
      ExitCode::usage, who + printable(type, 40),
      could.empty() ? (any ? "enable one in Cortex, or give another --type" : "no analyzer does")
                    : "it is taken by " + shown(could));
}

int tlp_for_cortex(int tlp) {
  constexpr int kRed = 3;
  return std::clamp(tlp, 0, kRed);
}

bool allows(const Analyzer& a, int tlp, int pap) {
  return (a.max_tlp < 0 || tlp <= a.max_tlp) && (a.max_pap < 0 || pap <= a.max_pap);
}

std::string above_limits(const std::vector<Analyzer>& analyzers, int tlp, int pap) {
  std::string out;
  const auto say = [&](const Analyzer& a, const char* what, int most, int given) {
    if (!out.empty()) out += "; ";
    out += printable(a.name, 80) + " takes " + what + " up to " + level_name(most) + " (" +
           std::to_string(most) + "), not " + level_name(given) + " (" + std::to_string(given) +
           ")";
  };
  for (const Analyzer& a : analyzers) {
    if (a.max_tlp >= 0 && tlp > a.max_tlp) {
      say(a, "TLP", a.max_tlp, tlp);
    } else if (a.max_pap >= 0 && pap > a.max_pap) {
      say(a, "PAP", a.max_pap, pap);
    }
  }
  return out;
}

Result<int> parse_level(std::string_view option, std::string_view text) {
  constexpr std::uint64_t kMost = 3;
  if (const auto number = parse_u64(text); number && *number <= kMost)
    return static_cast<int>(*number);
  if (iequals(text, "clear")) return 0;
  for (int level = 0; level <= static_cast<int>(kMost); ++level) {
    if (iequals(text, level_name(level))) return level;
  }
  return Status::error(ExitCode::usage,
                       std::string(option) + " must be white, green, amber, red or 0 to 3, not \"" +
                           printable(text, 40) + "\"",
                       "Cortex has no other levels; TheHive's amber+strict is 3 here");
}

const char* level_name(int level) {
  switch (level) {
    case 0: return "white";
    case 1: return "green";
    case 2: return "amber";
    default: return "red";
  }
}

}  // namespace socbridge::cortex
