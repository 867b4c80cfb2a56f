#include "mapping/words.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "thehive/alert.h"

namespace socbridge::mapping {
namespace {

constexpr std::array<std::string_view, 15> kPlaceholders = {
    "none", "null", "nil",       "n/a",         "na",        "unknown",    "undefined", "(null)",
    "(none)", "(unknown)", "(nil)", "<unknown>", "<none>", "not available", "0.0.0.0"};

constexpr std::array<std::string_view, 9> kSystemAccounts = {
    "system",          "local service",   "network service", "anonymous logon", "local system",
    "localsystem",     "iusr",            "netzwerkdienst",  "lokaler dienst"};

constexpr std::array<std::string_view, 4> kSystemDomains = {"nt authority", "nt service",
                                                            "window manager", "font driver host"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto w) { return iequals(text, w); });
}

// Session accounts of the desktop: DWM-3, UMFD-0.
bool is_session_account(std::string_view name) {
  for (const std::string_view prefix : {"DWM-", "UMFD-"}) {
    if (istarts_with(name, prefix) && name.size() > prefix.size() &&
        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()), name.end(), is_digit)) {
      return true;
    }
  }
  return false;
}

bool has_word_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

bool is_placeholder(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.find_first_not_of("-?*._") == std::string_view::npos) return true;
  return text.size() <= 13 && is_one_of(text, kPlaceholders);
}

Finding address_finding(Address address) {
  const std::string_view useless = useless_scope(address.scope);
  if (!useless.empty()) return dropped(useless);
  const std::string_view tag = address.scope == Scope::local_net ? "private" : "";
  return {"ip", std::move(address.text), tag, {}};
}

Finding text_finding(std::string_view type, std::string_view text) {
  text = trim(text);
  if (text.size() > 3 * thehive::limits::kData) return dropped("longer than TheHive takes");
  if (is_placeholder(text)) return dropped("placeholder");
  if (is_plain_ascii(text) && text.size() <= thehive::limits::kData) {
    return {type, std::string(text), {}, {}};
  }
  std::string value = printable(text, text.size());
  if (utf16_length(value) > thehive::limits::kData) return dropped("longer than TheHive takes");
  return {type, std::move(value), {}, {}};
}

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
    text = trim(text.substr(1, text.size() - 2));
  }
  return text;
}

Finding username(std::string_view text) {
  text = unquoted(text);
  if (const std::size_t uid = text.find("(uid="); uid != std::string_view::npos && uid > 0) {
    text = trim(text.substr(0, uid));
  }
  const std::size_t slash = text.find('\\');
  const std::string_view domain = slash == std::string_view::npos ? "" : text.substr(0, slash);
  const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  if (is_placeholder(name)) return dropped("placeholder");
  if (is_one_of(name, kSystemAccounts) || is_one_of(domain, kSystemDomains) || is_session_account(name) ||
      iequals(text, "app@sharepoint")) {
    return dropped("well-known account");
  }
  if (name.ends_with('$')) return dropped("machine account");
  return text_finding("username", text);
}

Finding filename(std::string_view text) {
  text = unquoted(text);
  if (is_placeholder(text) || !has_word_character(text)) return dropped("placeholder");
  return text_finding("filename", text);
}

Finding image(std::string_view text) {
  text = trim(text);
  if (text.starts_with('"')) {
    const std::size_t close = text.find('"', 1);
    if (close != std::string_view::npos) return filename(text.substr(1, close - 1));
  }
  // Without quotes only a known ending tells where the arguments begin.
  for (std::size_t blank = text.find(' '); blank != std::string_view::npos;
       blank = text.find(' ', blank + 1)) {
    const std::string_view head = text.substr(0, blank);
    if (head.size() > 4 && is_one_of(head.substr(head.size() - 4),
                                     std::array<std::string_view, 4>{".exe", ".com", ".bat", ".sys"})) {
      return filename(head);
    }
  }
  return filename(text);
}

bool is_registry(std::string_view text) {
  for (const std::string_view root : {"HKEY_", "HKLM\\", "HKCU\\", "HKU\\", "HKCR\\", "HKCC\\", "\\REGISTRY\\"}) {
    if (istarts_with(text, root)) return true;
  }
  return false;
}

Finding cve(std::string_view text) {
  text = trim(text);
  constexpr std::size_t kYearEnd = 8;
  const bool well_formed =
      istarts_with(text, "CVE-") && text.size() > kYearEnd + 1 && text.size() <= 24 && text[kYearEnd] == '-' &&
      std::all_of(text.begin() + 4, text.begin() + kYearEnd, is_digit) &&
      std::all_of(text.begin() + kYearEnd + 1, text.end(), is_digit);
  if (!well_formed) return dropped("not a CVE number");
  std::string value = "CVE";
  value += text.substr(3);
  return {"other", std::move(value), {}, {}};
}

}  // namespace socbridge::mapping
