// SPDX-License-Identifier: Apache-2.0
#include "mapping/noise.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace socbridge::mapping {
namespace {

struct Rule {
  Noise rule;
  std::string_view name;
  const char* reason;
};

constexpr std::array kRules = {
    Rule{Noise::own_agent, "own_agent", "the agent itself"},
    Rule{Noise::system_accounts, "system_accounts", "a well-known account"},
    Rule{Noise::machine_accounts, "machine_accounts", "a machine account"},
    Rule{Noise::file_owners, "file_owners", "an owner that belongs to the system"},
    Rule{Noise::group_names, "group_names", "the name of a group"},
    Rule{Noise::sids, "sids", "a SID"},
    Rule{Noise::guids, "guids", "a GUID"},
    Rule{Noise::numbers, "numbers", "a number or a truth value"},
    Rule{Noise::reverse_dns, "reverse_dns", "a reverse lookup"},
    Rule{Noise::private_names, "private_names", "a name of private networks"},
    Rule{Noise::cloud_services, "cloud_services", "a cloud provider's service"},
};

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::any_of(list.begin(), list.end(),
                     [&](std::string_view one) { return iequals(one, word); });
}

bool all_of_set(std::string_view text, std::string_view set) {
  return !text.empty() && text.find_first_not_of(set) == std::string_view::npos;
}

constexpr std::string_view kDigits = "0123456789", kHex = "0123456789abcdefABCDEF";

// `DWM-3`, `UMFD-0`: accounts of the window manager and the font driver.
bool is_numbered(std::string_view account, std::string_view stem) {
  return istarts_with(account, stem) && all_of_set(account.substr(stem.size()), kDigits);
}

bool well_known(std::string_view user) {
  static constexpr std::array<std::string_view, 13> kNames = {"system",
                                                              "local service",
                                                              "network service",
                                                              "anonymous logon",
                                                              "localsystem",
                                                              "local system",
                                                              "nt authority",
                                                              "networkservice",
                                                              "localservice",
                                                              "unauthenticated",
                                                              "unset",
                                                              "no authentication",
                                                              "no authentication required"};
  static constexpr std::array<std::string_view, 5> kRealms = {
      "nt authority", "window manager", "font driver host", "nt service", "iis apppool"};
  const std::size_t slash = user.rfind('\\');
  const std::string_view account = slash == std::string_view::npos ? user : user.substr(slash + 1);
  if (slash != std::string_view::npos && one_of(kRealms, user.substr(0, slash))) return true;
  return one_of(kNames, account) || is_numbered(account, "DWM-") || is_numbered(account, "UMFD-");
}

}  // namespace

std::string_view noise_name(Noise rule) {
  for (const Rule& one : kRules) {
    if (one.rule == rule) return one.name;
  }
  return {};
}

std::optional<Noise> noise_called(std::string_view name) {
  for (const Rule& one : kRules) {
    if (one.name == name) return one.rule;
  }
  return std::nullopt;
}

std::vector<std::string_view> noise_names() {
  std::vector<std::string_view> out;
  for (const Rule& one : kRules) out.push_back(one.name);
  return out;
}

const char* noise_reason(Noise rule) {
  for (const Rule& one : kRules) {
    if (one.rule == rule) return one.reason;
  }
  return "";
}

Noise account_noise(std::string_view user) {
  if (well_known(user)) return Noise::system_accounts;
  if (user.ends_with('$')) return Noise::machine_accounts;
  if (is_sid(user)) return Noise::sids;
  if (is_guid(user)) return Noise::guids;
  if (is_number_or_flag(user)) return Noise::numbers;
  if (is_cloud_service(user)) return Noise::cloud_services;
  return Noise::none;
}

bool is_sid(std::string_view text) {
  return istarts_with(text, "S-1-") && all_of_set(text.substr(4), "0123456789-");
}

bool is_system_sid(std::string_view sid) {
  if (!is_sid(sid)) return false;
  const std::string_view rest = sid.substr(4);
  // An account of a domain or machine is S-1-5-21-…, one of Entra ID S-1-12-1-….
  return !rest.starts_with("5-21-") && !rest.starts_with("12-1-");
}

bool is_guid(std::string_view text) {
  if (text.size() > 2 && text.front() == '{' && text.back() == '}')
    text = text.substr(1, text.size() - 2);
  constexpr std::array<std::size_t, 5> kGroups = {8, 4, 4, 4, 12};
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength) return false;
  for (std::size_t at = 0, i = 0; i < kGroups.size(); ++i) {
    if (i > 0 && text[at++] != '-') return false;
    if (!all_of_set(text.substr(at, kGroups[i]), kHex)) return false;
    at += kGroups[i];
  }
  return true;
}

bool is_number_or_flag(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kFlags = {"true", "false", "yes", "no"};
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (istarts_with(text, "0x")) return all_of_set(text.substr(2), kHex);
  return all_of_set(text, "0123456789.") || one_of(kFlags, text);
}

bool is_cloud_service(std::string_view name) {
  if (iequals(name, "AWS Internal")) return true;
  for (const std::string_view provider : {".amazonaws.com", ".googleapis.com"}) {
    if (!name.ends_with(provider)) continue;
    const std::string_view service = name.substr(0, name.size() - provider.size());
    return !service.empty() && service.find('.') == std::string_view::npos;
  }
  return false;
}

bool is_group_event(std::string_view event_id) {
  const auto id = parse_u64(event_id);
  if (!id) return false;
  const auto within = [&](std::uint64_t from, std::uint64_t to) {
    return *id >= from && *id <= to;
  };
  return within(4727, 4737) || within(4744, 4764) || *id == 4799 || within(632, 639) ||
         within(648, 668);
}

bool is_system_owner(std::string_view id, std::string_view name) {
  if (is_sid(id)) return is_system_sid(id) || id.ends_with("-500") || id.ends_with("-512");
  if (const auto uid = parse_u64(id)) return *uid == 0;
  static constexpr std::array<std::string_view, 4> kNames = {"root", "Administrators", "SYSTEM",
                                                             "TrustedInstaller"};
  return one_of(kNames, name);
}

}  // namespace socbridge::mapping
