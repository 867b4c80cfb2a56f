// SPDX-License-Identifier: Apache-2.0
#include "cortex/answer.h"

#include <algorithm>

#include "base/text.h"
#include "json/answer.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMaxErrorBytes = std::size_t{1} << 20;
constexpr int kForbidden = 403, kTooLarge = 413, kNoIndex = 520;

}  // namespace

ErrorBody read_error(const http::Response& response) {
  ErrorBody out;
  if (response.status == kNoIndex) {
    out.is_own = true;
    out.message = "Cortex has no index yet";
    return out;
  }
  if (response.body.size() > kMaxErrorBytes) return out;
  const std::string_view body = trim(response.body);
  if (!body.starts_with('{')) return out;
  const auto document = json::parse_answer(body);
  if (!document.ok()) return out;
  const json::Value root = document->root();
  out.type = root["type"].string_text();
  out.is_own = !out.type.empty();
  out.message = root["message"].string_text();
  if (!out.message.empty()) return out;
  const json::Value errors = root["errors"];
  constexpr std::size_t kMost = 5;
  for (std::size_t i = 0; i < std::min(errors.size(), kMost); ++i) {
    if (!out.message.empty()) out.message += ", ";
    const std::string message = errors.at(i)["message"].string_text();
    out.message += message.empty() ? errors.at(i)["name"].string_text() : message;
  }
  return out;
}

std::string_view cure(int status, const ErrorBody& error) {
  switch (status) {
    case kForbidden:
      return "the key's user needs the roles read and analyze in an organisation of its own";
    case kTooLarge: return "raise play.http.parser.maxDiskBuffer of Cortex, or send less";
    case kNoIndex:
      return "open Cortex in a browser once, or POST /api/maintenance/migrate, and create a user";
    default: break;
  }
  return error.type == "NoNodeAvailable" ? "Elasticsearch behind Cortex is down" : "";
}

// "Rate limit of 500 per Day reached for the analyzer …"
std::string limit_unit(const ErrorBody& error) {
  const std::string_view message = error.message;
  constexpr std::string_view kMark = " per ";
  const std::size_t mark = message.find(kMark);
  if (mark == std::string_view::npos) return {};
  const std::string_view rest = message.substr(mark + kMark.size());
  return std::string(rest.substr(0, rest.find(' ')));
}

}  // namespace socbridge::cortex
