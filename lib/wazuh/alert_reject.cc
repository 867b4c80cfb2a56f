// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "wazuh/alert.h"

namespace socbridge::wazuh {
namespace {

// integratord's text format: lines of key='value' (docs/protocols/wazuh.md, "Alert format").
bool looks_like_text_format(std::string_view text) {
  constexpr std::size_t kEnough = 65536;  // integratord never writes more
  int pairs = 0;
  for (const std::string_view line : split(text.substr(0, kEnough), '\n')) {
    const std::size_t equal = line.find("='");
    if (equal == std::string_view::npos || equal == 0) continue;
    const std::string_view name = line.substr(0, equal);
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos) ++pairs;
  }
  return pairs >= 2;
}

}  // namespace

std::optional<NotAlert> classify_not_alert(std::string_view bytes) {
  std::string_view text = trim(bytes);
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (text.starts_with(kBom)) text = trim(text.substr(kBom.size()));
  if (text.empty()) return NotAlert::empty;
  if (text.front() == '{') return std::nullopt;
  if (looks_like_text_format(text)) return NotAlert::text_format;
  return text.front() == '[' ? NotAlert::not_object : NotAlert::not_json;
}

}  // namespace socbridge::wazuh
