// SPDX-License-Identifier: Apache-2.0
#include "opencti/variables.h"

#include <algorithm>

#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::opencti {
namespace {

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

Result<std::string> variables_from(const std::vector<std::string>& assignments) {
  json::Writer w;
  std::vector<std::string_view> seen;
  w.begin_object();
  for (const std::string& text : assignments) {
    const std::size_t equal = text.find('=');
    const std::string_view name = std::string_view(text).substr(0, equal);
    if (equal == std::string::npos || !is_name(name)) {
      return Status::error(ExitCode::usage,
                           "--var must be NAME=VALUE, not \"" + printable(text, 60) + "\"");
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      return Status::error(ExitCode::usage, "--var: " + std::string(name) + " is given twice");
    }
    seen.push_back(name);
    const std::string_view value = std::string_view(text).substr(equal + 1);
    const auto json = json::Document::parse(value);
    w.key(name);
    if (json.ok()) {
      w.value(json->root());
    } else {
      w.value(value);
    }
  }
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::opencti
