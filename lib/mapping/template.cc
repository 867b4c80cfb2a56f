// SPDX-License-Identifier: Apache-2.0
#include "mapping/template.h"

#include "base/text.h"
#include "base/time.h"

namespace socbridge::mapping {
namespace {

constexpr UnixMillis kAround = UnixMillis{5} * 60 * 1000;

std::string value_of(std::string_view name, const wazuh::Alert& alert,
                     const std::string& source_ref, UnixMillis date_ms) {
  if (name == "source_ref") return source_ref;
  if (name == "id") return alert.id;
  if (name == "rule.id") return alert.rule_id;
  if (name == "rule.level") return std::to_string(alert.level);
  if (name == "rule.description") return alert.description;
  if (name == "agent.id") return alert.agent_id;
  if (name == "agent.name") return alert.agent_name;
  if (name == "agent.ip") return alert.agent_ip;
  if (name == "time.from") return format_utc(date_ms - kAround);
  if (name == "time.to") return format_utc(date_ms + kAround);
  return alert.root().path(name).scalar_text().value_or("");
}

// RFC 3986 unreserved characters stay.
std::string percent(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    }
  }
  return out;
}

}  // namespace

std::string fill_template(std::string_view text, const wazuh::Alert& alert,
                          const std::string& source_ref, UnixMillis date_ms, Encoding encoding) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i, 2) == "{{" || text.substr(i, 2) == "}}") {
      out += text[i];
      i += 2;
      continue;
    }
    const std::size_t close = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += text[i++];
      continue;
    }
    const std::string value =
        value_of(trim(text.substr(i + 1, close - i - 1)), alert, source_ref, date_ms);
    out += encoding == Encoding::url ? percent(value) : value;
    i = close + 1;
  }
  return out;
}

}  // namespace socbridge::mapping
