// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "http/client.h"
#include "thehive/client.h"

// The exchanges of delivering an alert as request and evaluation, for callers that perform requests
// themselves (several in flight). Client is made of the same parts.

namespace socbridge::thehive {

// One request to this TheHive, with key and organisation.
http::Request make_request(const Endpoint& endpoint, std::string method, std::string_view path,
                           std::int64_t timeout_ms);

http::Request create_request(const Endpoint& endpoint, std::string body, ApiVersion version,
                             std::int64_t timeout_ms);

// `type;source;sourceRef` as the server stores them: what makes two alerts the same.
std::string alert_key(std::string_view type, std::string_view source, std::string_view source_ref);

// Reads the alert with this key or id directly.
http::Request find_request(const Endpoint& endpoint, std::string_view key, std::int64_t timeout_ms);
// What was read directly, an empty document if there is none, or why nothing is known. `what`: for
// people, "alert ~1".
Result<json::Document> read_found(std::string_view what, const http::Outcome& outcome);

// Asks with the key who it belongs to: GET /api/v1/user/current (versions 4 and 5).
http::Request key_request(const Endpoint& endpoint, std::int64_t timeout_ms);
// ok: the key opens, and may create alerts in the organisation (empty: its own). auth: TheHive
// itself says that it does not. Others: nothing is known, such as when a proxy answered.
Status read_key(const http::Outcome& outcome, std::string_view organisation);
// auth: the user of a 2xx answer does not act in the wanted organisation (empty: in none). Version
// 4 answers 200 with the organisation "***" for one that the user is not in.
Status check_organisation(const json::Value& user, std::string_view wanted);
// As read_key(), of the user in a 2xx answer.
Status check_user(const json::Value& user, std::string_view organisation);

// The question for the version takes one or two requests, without the key.
class VersionQuestion {
 public:
  explicit VersionQuestion(const Endpoint& endpoint) : endpoint_(&endpoint) {}
  http::Request request(std::int64_t timeout_ms) const;
  // Empty: ask on with request().
  std::optional<Result<Client::VersionInfo>> answered(const http::Outcome& outcome);

 private:
  const Endpoint* endpoint_;
  bool second_ = false;
};

}  // namespace socbridge::thehive
