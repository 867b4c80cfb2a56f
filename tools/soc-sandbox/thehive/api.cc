// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/api.h"

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::sandbox {

Response ApiError::response() const {
  json::Writer w;
  w.begin_object();
  w.member("type", type);
  w.member("message", message);
  w.end_object();
  std::string body = std::move(w).take();
  if (!more.empty()) {
    body.pop_back();
    body += "," + more + "}";
  }
  return json_response(status, std::move(body));
}

ApiError bad_request(std::string message) { return {400, "BadRequest", std::move(message), {}}; }

ApiError not_found(std::string message) { return {404, "NotFoundError", std::move(message), {}}; }

ApiError create_error(std::string message) { return {400, "CreateError", std::move(message), {}}; }

Response json_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response no_content() {
  Response response;
  response.status = 204;
  response.content_type.clear();
  return response;
}

bool parse_version(std::string_view text, Version& out) {
  const std::string_view numbers = text.substr(0, text.find('-'));
  const auto parts = split(numbers, '.');
  if (parts.size() != 3) return false;
  int values[3];
  constexpr std::uint64_t kHighest = 999;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = parse_u64(parts[i]);
    if (!number || *number > kHighest) return false;
    values[i] = static_cast<int>(*number);
  }
  out = {values[0], values[1], values[2]};
  return out.major == 4 || out.major == 5;
}

}  // namespace socbridge::sandbox
