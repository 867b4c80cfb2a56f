// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "http/client.h"
#include "json/value.h"

namespace socbridge::cortex {

// Cortex's error body (docs/protocols/cortex.md, "Roles and errors"). All members are empty for any
// other body.
struct ErrorBody {
  bool from_cortex = false;  // a JSON object with a text `type`
  std::string type, message;
  std::string details;  // the error of each attribute
};
ErrorBody read_error(const http::Response& response);

// Status of an outcome that is not 2xx JSON, with the server's message and a hint; `what` names the
// request. 401 and 403 are auth. No answer, 429 and errors of the server are unreachable. The rest
// is refused.
Status failure_status(std::string_view what, const http::Outcome& outcome);

// The JSON of a 2xx answer, else the Status of the failure.
Result<json::Document> read_json(std::string_view what, const http::Outcome& outcome);

// The unit of the limit in a 429 ("Day"), or empty if it is not given.
std::string limit_unit(const ErrorBody& error);

}  // namespace socbridge::cortex
