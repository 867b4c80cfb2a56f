// SPDX-License-Identifier: Apache-2.0
#include "cortex/select.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::cortex {
namespace {

std::string join(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
    out += (i == 0 ? "" : ", ") + printable(names[i], 80);
  if (names.size() > kMost) out += ", …";
  return out;
}

Status unknown(const std::vector<Analyzer>& all, const std::string& name) {
  std::vector<std::string_view> names;
  std::vector<std::string> known;
  for (const Analyzer& a : all) {
    names.push_back(a.base());
    names.push_back(a.name);
    known.push_back(a.name);
  }
  // Names are often shortened: `VirusTotal` for `VirusTotal_GetReport`.
  std::vector<std::string> like;
  for (const Analyzer& a : all) {
    if (ascii_lower(a.name).find(ascii_lower(name)) != std::string::npos) like.push_back(a.name);
  }
  const std::string_view near = nearest(name, names);
  std::string hint = "enabled are " + join(known);
  if (all.empty()) hint = "no analyzer is enabled in this organisation";
  if (!near.empty()) hint = "did you mean " + printable(near, 80) + "?";
  if (!like.empty()) hint = "did you mean " + join(like) + "?";
  return Status::error(ExitCode::usage,
                       "Cortex has no enabled analyzer \"" + printable(name, 80) + "\"", hint);
}

}  // namespace

Result<std::vector<Analyzer>> named(const std::vector<Analyzer>& all,
                                    const std::vector<std::string>& wanted) {
  if (wanted.empty()) return all;
  std::vector<bool> taken(all.size());
  for (const std::string& name : wanted) {
    bool found = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i].is_called(name)) continue;
      taken[i] = true;
      found = true;
    }
    if (!found) return unknown(all, name);
  }
  std::vector<Analyzer> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (taken[i]) out.push_back(all[i]);
  }
  return out;
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
  const std::string who = any ? "no enabled analyzer takes " : join(names) + " does not take ";
  return Status::error(
      ExitCode::usage, who + printable(type, 40),
      could.empty() ? (any ? "enable one in Cortex, or give another --type" : "no analyzer does")
                    : "it is taken by " + join(could));
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
