// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "http/client.h"
#include "json/value.h"

namespace socbridge::cortex {

// Cortex's error body (docs/protocols/cortex.md, "Roles and errors"). Everything is empty if the
// body is something else.
struct ErrorBody {
  bool from_cortex = false;  // a JSON object with a text `type`
  std::string type, message;
  std::string details;  // what was wrong with which attribute
};
ErrorBody read_error(const http::Response& response);

// Status of an outcome that is not 2xx JSON, with the server's own words and what to do; `what`
// names the request. 401 and 403 are auth, 429 and no answer and the server's own errors are
// unreachable, the rest is refused.
Status failure_status(std::string_view what, const http::Outcome& outcome);

// The JSON of a 2xx answer, or the Status of everything else.
Result<json::Document> read_json(std::string_view what, const http::Outcome& outcome);

// Of a 429: the unit of the limit ("Day"), or empty if it does not say.
std::string limit_unit(const ErrorBody& error);

}  // namespace socbridge::cortex
