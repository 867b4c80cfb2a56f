// SPDX-License-Identifier: Apache-2.0
#include "thehive/json_fields.h"

namespace socbridge::thehive {

std::vector<std::string> text_list(const json::Value& array) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (auto text = array.at(i).scalar_text()) out.push_back(std::move(*text));
  }
  return out;
}

UnixMillis time_field(const json::Value& value) {
  if (const auto ms = value.lenient_integer()) return *ms;
  if (const auto text = value.string()) return parse_timestamp(*text).value_or(0);
  return 0;
}

int int_field(const json::Value& object, std::string_view name, int otherwise) {
  constexpr std::int64_t kMost = 1000000000;
  const auto number = object[name].integer();
  return number && *number >= -kMost && *number <= kMost ? static_cast<int>(*number) : otherwise;
}

bool flag_field(const json::Value& object, std::string_view name) {
  return object[name].boolean().value_or(false);
}

}  // namespace socbridge::thehive
