// SPDX-License-Identifier: Apache-2.0
#include "http/response.h"

#include <curl/curl.h>
#include <ctime>

#include <algorithm>

#include "base/text.h"

namespace socbridge::http {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10;
constexpr std::int64_t kWeekMs = std::int64_t{7} * 24 * 3600 * 1000;

}  // namespace

std::int64_t parse_retry_after(std::string_view value, std::int64_t now_ms) {
  value = trim(value);
  if (value.empty() || value.size() > 64) return -1;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    const auto seconds = parse_u64(value);
    if (!seconds || *seconds > static_cast<std::uint64_t>(kWeekMs / 1000)) return kWeekMs;
    return static_cast<std::int64_t>(*seconds) * 1000;
  }
  if (value.find(':') == std::string_view::npos) return -1;  // curl_getdate accepts "5" and "May"
  const std::time_t at = curl_getdate(std::string(value).c_str(), nullptr);
  if (at == -1) return -1;
  const std::int64_t now = now_ms / 1000;
  if (at > now + kWeekMs / 1000) return kWeekMs;  // a year beyond the range of milliseconds
  return std::max(static_cast<std::int64_t>(at) * 1000 - now_ms, std::int64_t{0});
}

bool ResponseReader::header_line(std::string_view line) {
  if (istarts_with(line, "HTTP/")) {
    response_.headers.clear();
    header_bytes_ = 0;
    headers_complete_ = false;
    return true;
  }
  if (trim(line).empty()) headers_complete_ = true;
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    too_large_ = true;
    return false;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  response_.headers.emplace_back(ascii_lower(trim(line.substr(0, colon))),
                                 std::string(trim(line.substr(colon + 1))));
  return true;
}

bool ResponseReader::body_part(std::string_view bytes) {
  if (bytes.size() > max_body_ - response_.body.size()) {
    too_large_ = true;
    return false;
  }
  response_.body.append(bytes);
  return true;
}

Response ResponseReader::take(int status, std::int64_t now_ms) && {
  response_.status = status;
  for (const auto& [name, value] : response_.headers) {
    if (name == "content-type" && response_.content_type.empty()) {
      response_.content_type =
          ascii_lower(trim(std::string_view(value).substr(0, value.find(';'))));
    } else if (name == "retry-after" && response_.retry_after_ms < 0) {
      response_.retry_after_ms = parse_retry_after(value, now_ms);
    }
  }
  return std::move(response_);
}

bool Response::is_json() const {
  if (content_type == "application/json" || content_type == "text/json") return true;
  const std::string_view suffix = "+json";
  return content_type.size() > suffix.size() &&
         std::string_view(content_type).substr(content_type.size() - suffix.size()) == suffix;
}

}  // namespace socbridge::http
