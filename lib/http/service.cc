// SPDX-License-Identifier: Apache-2.0
#include "http/service.h"

#include <utility>

#include "hash/base64.h"
#include "http/hide_key.h"

namespace socbridge::http {
std::string basic_authorization(std::string_view user, const Secret& password) {
  std::string both = std::string(user) + ":" + std::string(password.reveal());
  std::string out = "Basic " + base64(both);
  secure_wipe(both.data(), both.size());
  return out;
}

Service::Service(Client& http, ServiceOptions options)
    : http_(&http), options_(std::move(options)) {}

Outcome Service::send(std::string method, std::string_view path, std::string body,
                      const Deadline& deadline) {
  Request request;
  request.method = std::move(method);
  request.url = join_url(options_.url, path);
  request.headers.emplace_back("Accept", "application/json");
  request.body = std::move(body);
  if (!request.body.empty()) request.content_type = "application/json";
  request.timeout_ms = deadline.left_ms();
  const Secret authorization = own_authorization();
  if (authorization.empty()) {
    request.bearer = options_.key;
  } else {
    request.headers.emplace_back("Authorization", authorization.reveal());
  }
  const std::int64_t started = steady_now_ms();
  Outcome outcome = http_->perform(request);
  if (first_ms_ < 0) first_ms_ = steady_now_ms() - started;
  if (!authorization.empty()) {
    std::string& line = request.headers.back().second;
    secure_wipe(line.data(), line.size());
  }
  // A 2xx is data, and a short password may be a part of it.
  if (is_success(outcome)) return outcome;
  hide_key(outcome, options_.key);
  hide_key(outcome, authorization);
  return outcome;
}

// The value of the Authorization header if it is not a bearer token; else empty.
Secret Service::own_authorization() const {
  if (!options_.user.empty()) return Secret(basic_authorization(options_.user, options_.key));
  if (options_.scheme.empty() || options_.key.empty()) return {};
  std::string both = options_.scheme + " " + std::string(options_.key.reveal());
  Secret out(both);
  secure_wipe(both.data(), both.size());
  return out;
}

Result<json::Document> Service::get(std::string_view path, const Deadline& deadline) {
  return read(send("GET", path, {}, deadline));
}

Result<json::Document> Service::post(std::string_view path, std::string body,
                                     const Deadline& deadline) {
  return read(send("POST", path, std::move(body), deadline));
}

}  // namespace socbridge::http
