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

// What OpenCTI wants of every request: the header that keeps us out of the draft a user may be in,
// in which writes would be hidden from all other users (docs/protocols/opencti.md,
// "Authentication").
void add_headers(http::Request& request);

// Of a mutation only what was stopped by a lock is sent again: after any other error it may have
// acted.
enum class Operation {
  query,
  single_query,  // a query that is never sent again: the caller asks for less instead
  mutation,
};

// Speaks GraphQL with one platform. Not thread-safe, as its http::Client.
class Client {
 public:
  // Before the second try; doubled before each further one.
  static constexpr std::int64_t kFirstPauseMs = 250;

  // `http` must outlive the client.
  Client(http::Client& http, Endpoint endpoint, std::int64_t first_pause_ms = kFirstPauseMs);

  // POST /graphql. The answer, with its errors if it has some. `variables_json` is an object or
  // empty. What a lock or the database stopped is tried again, up to three times a little later,
  // within the deadline; other failures are for the caller. No secret is in any text.
  Result<Answer> post(std::string_view what, std::string_view document,
                      std::string_view variables_json, const Deadline& deadline,
                      Operation operation = Operation::query);

  // As post(), but any error in the answer is an error here: half an answer could be taken for
  // "nothing known".
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
