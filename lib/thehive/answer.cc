#include "thehive/answer.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "http/words.h"
#include "json/value.h"

namespace socbridge::thehive {
namespace {

constexpr std::size_t kMaxLine = 300;
constexpr std::size_t kMaxErrorBytes = std::size_t{1} << 20;

std::string text_of(const json::Value& value) { return std::string(value.string().value_or("")); }

std::string attribute_names(const json::Value& errors) {
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(errors.size(), 5); ++i) {
    const json::Value one = errors.value_at(i);
    const std::string name = text_of(one["name"]);
    if (name.empty()) continue;
    if (!out.empty()) out += ", ";
    out += name;
    const std::string type = text_of(one["type"]);
    if (!type.empty()) out += " (" + type + ")";
  }
  return out;
}

}  // namespace

ErrorBody read_error(const http::Response& response) {
  ErrorBody out;
  if (response.body.empty() || response.body.size() > kMaxErrorBytes) return out;
  const std::size_t first = response.body.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || response.body[first] != '{') return out;
  const auto document = json::Document::parse(response.body);
  if (!document.ok()) return out;
  const json::Value root = document->root();
  out.from_thehive = root["type"].is_string() || root["message"].is_string();
  out.type = text_of(root["type"]);
  out.message = text_of(root["message"]);
  out.details = attribute_names(root["errors"]);
  return out;
}

std::string describe_answer(const http::Response& response, const ErrorBody& error) {
  std::string line = "HTTP " + std::to_string(response.status);
  std::string text;
  if (error.from_thehive) {
    if (!error.type.empty()) line += " " + error.type;
    text = error.message;
    if (!error.details.empty()) text += (text.empty() ? "" : ": ") + error.details;
  } else {
    text = http::page_text(response.body);
    if (!text.empty() && !response.is_json()) text += " (not an answer of TheHive)";
  }
  if (!text.empty()) line += ": " + text;
  return printable(line, kMaxLine);
}

}  // namespace socbridge::thehive
