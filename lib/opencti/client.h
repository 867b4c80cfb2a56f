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
#include "opencti/answer.h"

namespace socbridge::opencti {

struct Endpoint {
  std::string url;  // as configured: with or without base path, slash at the end or `/graphql`
  Secret token;     // opaque: a UUID in 6.x, anything in 7.x
};

// `https://host/cti` from `https://host/cti/`, `https://host/cti/graphql` and the like.
std::string base_url(std::string_view url);

// Adds the header that every request needs: it keeps requests out of the user's draft, where other
// users would not see what is written (docs/protocols/opencti.md, "Authentication").
void add_headers(http::Request& request);

// A mutation is sent again only if a lock stopped it: after any other error it may have been
// executed.
enum class Operation {
  query,
  single_query,  // a query that is not sent again: the caller reduces it instead
  mutation,
};

// GraphQL client of one platform. Not thread-safe, like its http::Client.
class Client {
 public:
  // Before the first retry; doubled before each further one.
  static constexpr std::int64_t kFirstPauseMs = 250;

  // `http` must outlive the client.
  Client(http::Client& http, Endpoint endpoint, std::int64_t first_pause_ms = kFirstPauseMs);

  // POST /graphql. Returns the answer, including its errors. `variables_json` is an object or
  // empty. Errors of locks or the database are retried up to three times within the deadline; other
  // errors are for the caller. No text contains a secret.
  Result<Answer> post(std::string_view what, std::string_view document,
                      std::string_view variables_json, const Deadline& deadline,
                      Operation operation = Operation::query);

  // Like post(), but any error in the answer is an error: a partial answer could be read as "not
  // known".
  Result<json::Document> query(std::string_view what, std::string_view document,
                               std::string_view variables_json, const Deadline& deadline,
                               Operation operation = Operation::query);

  const Endpoint& endpoint() const { return endpoint_; }
  const std::string& base() const { return base_; }

 private:
  Result<Answer> post_once(std::string_view what, const std::string& body,
                           const Deadline& deadline);
  http::Client* http_;
  Endpoint endpoint_;
  std::string base_;
  std::int64_t first_pause_ms_;
};

}  // namespace socbridge::opencti
