// SPDX-License-Identifier: Apache-2.0
#include "wazuh/fields.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::wazuh {

void add_once(std::vector<std::string>& list, std::string text) {
  constexpr std::size_t kMost = 1000;
  if (text.empty() || list.size() >= kMost ||
      std::find(list.begin(), list.end(), text) != list.end())
    return;
  list.push_back(std::move(text));
}

std::vector<std::string> list_of(json::Value value, Commas commas) {
  std::vector<std::string> out;
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      add_once(out, std::string(trim(value.at(i).text())));
    }
    return out;
  }
  const std::string text = value.text();
  if (commas == Commas::belong) {
    add_once(out, std::string(trim(text)));
    return out;
  }
  for (const std::string_view part : split(text, ',')) add_once(out, std::string(trim(part)));
  return out;
}

bool is_technique_id(std::string_view text) {
  constexpr std::size_t kPlain = 5;
  constexpr std::size_t kSub = 9;
  if (text.size() != kPlain && text.size() != kSub) return false;
  if (text[0] != 'T' || (text.size() == kSub && text[kPlain] != '.')) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (i != kPlain && (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

}  // namespace socbridge::wazuh
