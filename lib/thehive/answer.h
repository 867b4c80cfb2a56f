// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"

namespace socbridge::thehive {

// TheHive's error body (docs/protocols/thehive.md, "Errors"). All members are empty for any other
// body.
struct ErrorBody {
  // The body is a JSON object whose `type` is a name (`AuthenticationError`, a Java class) and
  // whose `message` is a text or absent. JSON of gateways and firewalls has no such type.
  bool from_thehive = false;
  std::string type;
  std::string message;
  std::string details;  // names of the refused attributes, "severity, date"
};
ErrorBody read_error(const http::Response& response);

// TheHive has no such route: `NotFound` (version 5), or in version 4 `NotFoundError` with the path
// as message. For a missing entity the message is "Alert not found".
bool is_unknown_route(const ErrorBody& error);

// TheHive's message up to the first value that may be an echo of the request, lower case.
std::string own_words(std::string_view message);

// One printable line of at most 300 characters: "HTTP 400 BadRequest: Invalid json". For an HTML
// page it has the title.
std::string describe_answer(const http::Response& response, const ErrorBody& error);

}  // namespace socbridge::thehive
