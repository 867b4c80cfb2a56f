#pragma once

#include <string>

#include "http/client.h"

namespace socbridge::thehive {

// TheHive's error body (TheHive facts 2.3). Everything is empty if the body is something else.
struct ErrorBody {
  bool from_thehive = false;  // a JSON object with a text `type` or `message`
  std::string type;
  std::string message;
  std::string details;  // names of the attributes that were refused, "severity, date"
};
ErrorBody read_error(const http::Response& response);

// One printable line of at most 300 characters: "HTTP 400 BadRequest: Invalid json". Of an HTML
// page its title.
std::string describe_answer(const http::Response& response, const ErrorBody& error);

}  // namespace socbridge::thehive
