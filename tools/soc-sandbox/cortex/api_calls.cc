// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/api_calls.h"

#include <algorithm>

#include "base/text.h"
#include "soc-sandbox/cortex/search.h"

namespace socbridge::sandbox::cortex {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decode(std::string_view text) {
  constexpr int kHex = 16;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * kHex + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

// Cortex parses a body with a JSON content type even for GET.
std::optional<ApiError> Cortex::Call::read_body() {
  const std::string_view text = trim(request.body);
  const bool is_json = request.content_type == "application/json";
  if (text.empty()) {
    if (is_json && request.method == "GET") {
      return bad_request("Invalid Json: No content to map due to end-of-input");
    }
    return std::nullopt;
  }

  auto parsed = json::Document::parse(request.body);
  if (!parsed.ok()) return bad_request("Invalid Json: " + parsed.status().message());
  if (!parsed->root().is_object()) return bad_request("Invalid Json: an object is expected");
  document = std::move(*parsed);
  return std::nullopt;
}

std::string Cortex::Call::parameter(std::string_view name) const {
  for (const std::string_view pair : split(request.query, '&')) {
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    return equals == std::string_view::npos ? "" : decode(pair.substr(equals + 1));
  }
  return {};
}

Response ranged(std::vector<std::string> items, std::string_view range) {
  std::size_t from = 0, to = 0;
  if (!parse_range(range, from, to)) {
    return ApiError{400, "IllegalArgument", "Invalid range: " + printable(range, 40), {}}
        .response();
  }
  to = std::min(to, items.size());
  std::string body = "[";
  for (std::size_t i = from; i < to; ++i) body += (i == from ? "" : ",") + items[i];
  Response response = json_response(200, body + "]");
  response.headers.emplace_back("X-Total", std::to_string(items.size()));
  return response;
}

}  // namespace socbridge::sandbox::cortex
