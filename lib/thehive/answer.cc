// SPDX-License-Identifier: Apache-2.0
#include "thehive/answer.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "json/answer.h"
#include "json/value.h"

namespace socbridge::thehive {
namespace {

constexpr std::size_t kMaxErrorBytes = std::size_t{1} << 20;

std::string attribute_names(const json::Value& errors) {
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(errors.size(), 5); ++i) {
    const json::Value one = errors.value_at(i);
    const std::string name = one["name"].string_text();
    if (name.empty()) continue;
    if (!out.empty()) out += ", ";
    out += name;
    const std::string type = one["type"].string_text();
    if (!type.empty()) out += " (" + type + ")";
  }
  return out;
}

bool is_name(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_' || c == '.' || c == '$';
         });
}

}  // namespace

bool is_unknown_route(const ErrorBody& error) {
  if (!error.is_own) return false;
  if (iequals(error.type, "NotFound")) return true;
  return iequals(error.type, "NotFoundError") && error.message.starts_with('/') &&
         error.message.find_first_of(" \t\n") == std::string::npos;
}

std::string own_words(std::string_view message) {
  if (message.starts_with('[')) message.remove_prefix(1);
  return ascii_lower(trim(message.substr(0, message.find_first_of("\"'`:([{<=\n\r"))));
}

ErrorBody read_error(const http::Response& response) {
  ErrorBody out;
  if (response.body.empty() || response.body.size() > kMaxErrorBytes) return out;
  const std::size_t first = response.body.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || response.body[first] != '{') return out;
  const auto document = json::parse_answer(response.body);
  if (!document.ok()) return out;
  const json::Value root = document->root();
  out.type = root["type"].string_text();
  out.is_own = is_name(out.type) && (root["message"].is_string() || root["message"].missing());
  out.message = root["message"].string_text();
  out.details = attribute_names(root["errors"]);
  return out;
}

}  // namespace socbridge::thehive
