// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"

namespace socbridge::thehive {

// TheHive's error body (docs/protocols/thehive.md, "Errors"). Everything is empty if the body is
// something else.
struct ErrorBody {
  // A JSON object whose `type` is a name (`AuthenticationError`, a Java class), and whose `message`
  // is a text or absent. Gateways and firewalls that answer JSON have no such type.
  bool from_thehive = false;
  std::string type;
  std::string message;
  std::string details;  // names of the attributes that were refused, "severity, date"
};
ErrorBody read_error(const http::Response& response);

// TheHive says that there is no such route: `NotFound` (version 5), or in version 4 `NotFoundError`
// with the path as message, where for an entity it is "Alert not found".
bool is_no_route(const ErrorBody& error);

// The beginning of TheHive's message up to the first value that it may repeat, lower case.
std::string own_words(std::string_view message);

// One printable line of at most 300 characters: "HTTP 400 BadRequest: Invalid json". Of an HTML
// page its title.
std::string describe_answer(const http::Response& response, const ErrorBody& error);

}  // namespace socbridge::thehive
