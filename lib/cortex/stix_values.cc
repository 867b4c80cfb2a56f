// SPDX-License-Identifier: Apache-2.0
#include "cortex/stix_values.h"

#include <array>
#include <optional>

#include "base/text.h"

namespace socbridge::cortex {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

// By prefix of the path; the first match counts.
constexpr std::array<Named, 12> kPaths = {{{"ipv4-addr:", "ip"},
                                           {"ipv6-addr:", "ip"},
                                           {"domain-name:", "domain"},
                                           {"hostname:", "hostname"},
                                           {"url:", "url"},
                                           {"email-addr:", "mail"},
                                           {"email-message:subject", "mail_subject"},
                                           {"file:hashes", "hash"},
                                           {"file:name", "filename"},
                                           {"windows-registry-key:key", "registry"},
                                           {"user-agent:", "user-agent"},
                                           {"user-account:", "username"}}};

std::string_view word_of(std::string_view path) {
  for (const auto& [begin, word] : kPaths) {
    if (path.starts_with(begin)) return word;
  }
  return "auto";
}

// The text in single quotes at `at`, unescaped; `at` is moved behind it.
std::optional<std::string> literal(std::string_view text, std::size_t& at) {
  std::string out;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else if (text[i] == '\'') {
      at = i + 1;
      return out;
    } else {
      out += text[i];
    }
  }
  at = text.size();
  return std::nullopt;
}

// The path before an equals sign, without opening brackets. A path may contain quoted names, as in
// file:hashes.'SHA-256'.
std::string_view path_before(std::string_view text, std::size_t equals) {
  const std::string_view before = trim(text.substr(0, equals));
  bool quoted = false;
  std::size_t start = before.size();
  while (start > 0) {
    const char c = before[start - 1];
    if (c == '\'') quoted = !quoted;
    if (!quoted && (c == ' ' || c == '[' || c == '(' || c == '\t' || c == '\n' || c == '\r')) {
      break;
    }
    --start;
  }
  return before.substr(start);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> values_of_pattern(std::string_view pattern) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '\'') {
      static_cast<void>(literal(pattern, at));
      continue;
    }
    const bool other =
        at > 0 && (pattern[at - 1] == '!' || pattern[at - 1] == '<' || pattern[at - 1] == '>');
    if (pattern[at] != '=' || other) {
      ++at;
      continue;
    }
    const std::string_view path = path_before(pattern, at);
    std::size_t value = pattern.find_first_not_of(" \t\r\n=", at);
    at = value == std::string_view::npos ? pattern.size() : value;
    if (at >= pattern.size() || pattern[at] != '\'' || path.find(':') == std::string_view::npos) {
      continue;
    }
    if (auto text = literal(pattern, at)) {
      out.emplace_back(std::string(word_of(path)), std::move(*text));
    }
  }
  return out;
}

}  // namespace socbridge::cortex
