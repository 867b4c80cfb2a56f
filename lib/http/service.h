// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "http/client.h"
#include "json/value.h"

namespace socbridge::http {

struct ServiceOptions {
  std::string product;  // "Grafana": the start of every message
  std::string url;      // base URL without a trailing slash
  std::string user;     // not empty: sent as Basic with `key` as the password
  Secret key;           // else sent as Bearer, if not empty
  // A member that every JSON refusal of the product has ("error"); empty: unknown.
  std::string error_member = {};
  bool is_guarded_by_proxy = false;  // the key is for a proxy, so its refusal is one of the key
  std::string scheme = {};           // used before the key instead of `Bearer`: "ApiKey"
};

// A service with a base URL that answers in JSON. Errors are the same for every product:
//   unreachable  no complete answer, or HTTP 408, 425, 429, 5xx; 407, and 401, 402, 403 as a page
//   or
//                as JSON without `error_member`: a proxy or firewall answered
//   auth         other 401, 402, 403
//   refused      any other status, and a 2xx that is not JSON (a proxy's page, another server)
//   usage        the URL cannot be used
// Messages have the product, the reason and the server's own text, printable and without the key.
class Service {
 public:
  // `http` must outlive the service.
  Service(Client& http, ServiceOptions options);

  Result<json::Document> get(std::string_view path, const Deadline& deadline);
  Result<json::Document> post(std::string_view path, std::string body, const Deadline& deadline);
  // The raw answer, whatever its status; the key is redacted from it.
  Outcome send(std::string method, std::string_view path, std::string body,
               const Deadline& deadline);

  // Translates a transfer outcome to a Status; success for a 2xx.
  Status explain(const Outcome& outcome) const;
  // The JSON of a 2xx, or the Status of any other outcome.
  Result<json::Document> read(const Outcome& outcome) const;

  // Duration of the first exchange, successful or not; -1 before it.
  std::int64_t first_ms() const { return first_ms_; }
  const ServiceOptions& options() const { return options_; }

 private:
  bool is_own_refusal(const Response& response) const;
  Secret own_authorization() const;

  Client* http_;
  ServiceOptions options_;
  std::int64_t first_ms_ = -1;
};

// A value `Basic …` for an Authorization header.
std::string basic_authorization(std::string_view user, const Secret& password);

}  // namespace socbridge::http
