// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "http/explain.h"
#include "json/value.h"

namespace socbridge::opencti {

// One member of `errors`. Texts are the server's own: printable() them before people see them.
struct GraphqlError {
  std::string message;
  std::string code;    // extensions.code, else name: `AUTH_REQUIRED`, …; may be empty
  std::string reason;  // what extensions.data says besides: a reason, unknown filter keys; or empty
  std::string path;    // "stixCyberObservables.edges.0.node", or empty
};

// What an error code means for the caller (docs/protocols/opencti.md, "Errors").
enum class ErrorKind {
  auth,           // no or wrong token, missing capability: never "no data"
  retry,          // lock, database, unknown: the same request may pass later
  too_many,       // COMPLEX_SEARCH_ERROR: send fewer values
  query_invalid,  // our query does not fit this version of the platform
  refused,        // this request will never pass as it is
};
ErrorKind classify(const GraphqlError& error);

// A GraphQL answer that came as one: `data` may be there in part although there are errors.
struct Answer {
  json::Document document;
  std::vector<GraphqlError> errors;  // at most 100 are kept

  json::Value data() const { return document.root()["data"]; }
};

// Reads the body of a GraphQL answer. Errors: not JSON, as if it was cut off (unreachable), or JSON
// without `data` and `errors` (refused). Pure.
Result<Answer> read_answer(std::string_view body);

// What is no GraphQL answer. OpenCTI itself refuses a token with errors of GraphQL, so 401, 402 and
// 403 are not its own.
http::ErrorBody read_http_error(const http::Response& response);
inline constexpr http::ProductErrors kErrors{"OpenCTI", read_http_error};

// The answer within an HTTP outcome. OpenCTI answers errors of GraphQL with 200, and a proxy or a
// wrong base path answers 200 with a web page: the content type decides. Everything that is no
// GraphQL answer is a Status; `what` names the request: "asking OpenCTI for connectors".
Result<Answer> accept(std::string_view what, const http::Outcome& outcome);

// The Status of the weightiest error (auth first), or success if there is none.
Status errors_status(std::string_view what, const Answer& answer);

}  // namespace socbridge::opencti
