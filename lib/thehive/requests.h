// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "http/client.h"
#include "thehive/client.h"

// Requests and evaluation of answers for the delivery of an alert, for callers that perform
// requests themselves (several in flight). Client uses the same functions.

namespace socbridge::thehive {

// One request to this TheHive, with key and organisation.
http::Request make_request(const Endpoint& endpoint, std::string method, std::string_view path,
                           std::int64_t timeout_ms);

http::Request create_request(const Endpoint& endpoint, std::string body, ApiVersion version,
                             std::int64_t timeout_ms);

// `type;source;sourceRef` as the server stores them: the identity of an alert.
std::string alert_key(std::string_view type, std::string_view source, std::string_view source_ref);

// Reads the alert with this key or id directly.
http::Request find_request(const Endpoint& endpoint, std::string_view key, std::int64_t timeout_ms);
// The object that was read, an empty document if it does not exist, or the error. `what`: for
// people, "alert ~1".
Result<json::Document> read_found(std::string_view what, const http::Outcome& outcome);

// Reads the owner of the key: GET /api/v1/user/current (versions 4 and 5).
http::Request key_request(const Endpoint& endpoint, std::int64_t timeout_ms);
// ok: the key is valid and may create alerts in the organisation (empty: its own). auth: TheHive
// itself refuses it. Others: unknown, for example because a proxy answered.
Status read_key(const http::Outcome& outcome, std::string_view organisation);
// auth: the user of a 2xx answer is not a member of the wanted organisation (empty: of any). In
// that case version 4 answers 200 with the organisation "***".
Status check_organisation(const json::Value& user, std::string_view wanted);
// Like read_key(), for the user in a 2xx answer.
Status check_user(const json::Value& user, std::string_view organisation);

// Detects the version with one or two requests, without the key.
class VersionQuestion {
 public:
  explicit VersionQuestion(const Endpoint& endpoint) : endpoint_(&endpoint) {}
  http::Request request(std::int64_t timeout_ms) const;
  // Empty: send the next request().
  std::optional<Result<Client::VersionInfo>> answered(const http::Outcome& outcome);

 private:
  const Endpoint* endpoint_;
  bool second_ = false;
};

}  // namespace socbridge::thehive
