// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "http/explain.h"
#include "json/value.h"

namespace socbridge::opencti {

// One member of `errors`. The texts are the server's: use printable() before display.
struct GraphqlError {
  std::string message;
  std::string code;    // extensions.code, else name: `AUTH_REQUIRED`, …; may be empty
  std::string reason;  // extensions.data: a reason, unknown filter keys; or empty
  std::string path;    // "stixCyberObservables.edges.0.node", or empty
};

// What an error code means for the caller (docs/protocols/opencti.md, "Errors").
enum class ErrorKind {
  auth,           // no or wrong token, missing capability: never treated as "no data"
  retry,          // lock, database, unknown: the same request may pass later
  too_many,       // COMPLEX_SEARCH_ERROR: send fewer values
  query_invalid,  // the query does not fit this version of the platform
  refused,        // the same request will always fail
};
ErrorKind classify(const GraphqlError& error);

// A GraphQL answer. `data` may be present in part although there are errors.
struct Answer {
  json::Document document;
  std::vector<GraphqlError> errors;  // at most 100 are kept

  json::Value data() const { return document.root()["data"]; }
};

// Reads the body of a GraphQL answer. Errors: unreachable if it is not JSON, since it may be
// truncated; refused if it is JSON without `data` and `errors`. Pure.
Result<Answer> read_answer(std::string_view body);

// An answer that is not GraphQL. OpenCTI itself refuses a token with errors of GraphQL, so 401, 402
// and 403 are not its own.
http::ErrorBody read_http_error(const http::Response& response);
inline constexpr http::ProductErrors kErrors{"OpenCTI", read_http_error};

// The answer within an HTTP outcome. OpenCTI answers errors of GraphQL with 200, and a proxy or a
// wrong base path answers 200 with a web page: the content type decides. Any other answer gives a
// Status; `what` names the request: "asking OpenCTI for connectors".
Result<Answer> accept(std::string_view what, const http::Outcome& outcome);

// The Status of the most severe error (auth first), or success if there is none.
Status errors_status(std::string_view what, const Answer& answer);

}  // namespace socbridge::opencti
