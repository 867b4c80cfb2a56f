// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "http/client.h"
#include "http/explain.h"
#include "json/value.h"

namespace socbridge::http {

struct ServiceOptions {
  ProductErrors product;    // its name begins every message
  std::string url;          // base URL without a trailing slash
  std::string user;         // not empty: sent as Basic with `key` as the password
  Secret key;               // else sent as Bearer, if not empty
  std::string scheme = {};  // before the key instead of `Bearer`: "ApiKey"
};

// A service that answers in JSON behind a base URL. Errors are those of http::explain() and
// http::read_json(), without the key.
class Service {
 public:
  // `http` must outlive the service.
  Service(Client& http, ServiceOptions options);

  Result<json::Document> get(std::string_view path, const Deadline& deadline);
  Result<json::Document> post(std::string_view path, std::string body, const Deadline& deadline);
  // The answer as it came, whatever its status; the key is redacted from all but a 2xx.
  Outcome send(std::string method, std::string_view path, std::string body,
               const Deadline& deadline);

  // Success for a 2xx.
  Status explain(const Outcome& outcome) const {
    return http::explain(options_.product.name, outcome, options_.product);
  }
  // The JSON of a 2xx, or the Status of all else.
  Result<json::Document> read(const Outcome& outcome) const {
    return read_json(options_.product.name, outcome, options_.product);
  }

  // Duration of the first exchange, successful or not; -1 before it.
  std::int64_t first_ms() const { return first_ms_; }
  const ServiceOptions& options() const { return options_; }

 private:
  Secret own_authorization() const;

  Client* http_;
  ServiceOptions options_;
  std::int64_t first_ms_ = -1;
};

// A value `Basic …` for an Authorization header.
std::string basic_authorization(std::string_view user, const Secret& password);

}  // namespace socbridge::http
