// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace socbridge::sandbox {

// One file or field of a multipart request.
struct Part {
  std::string name, filename, content_type, content;
};

// An HTTP request for the routes.
struct Request {
  std::string method;
  std::string path;                   // as sent, without the query string
  std::vector<std::string> segments;  // of the path, percent-decoded
  std::string query;                  // the part after `?`, as sent
  std::string content_type;           // lower case, without parameters
  std::string authorization, organisation;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;  // of a multipart request: its `_json` part
  std::vector<Part> parts;
  bool too_large = false;  // the body was over the limit and was dropped
};

// Output of a streamed answer. Each call sends at once.
class Sender {
 public:
  virtual ~Sender() = default;
  virtual bool send(std::string_view bytes) = 0;  // false: the client is gone, or the server stops
  virtual bool pause_ms(std::int64_t ms) = 0;     // false: the same, before the time is over
  virtual void cut() {}  // the connection will be reset, without a proper end of the answer
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  // If set, it sends the body in chunks until it returns; then the connection closes.
  std::function<void(Sender&)> stream;
};

// A refusal of TheHive (docs/protocols/thehive.md, "Errors"): `{"type":…,"message":…}` and further
// members.
struct ApiError {
  int status = 400;
  std::string type = "BadRequest";
  std::string message;
  std::string more;  // further members as JSON text, without braces; or empty

  Response response() const;
};

ApiError bad_request(std::string message);
ApiError not_found(std::string message);
ApiError create_error(std::string message);

Response json_response(int status, std::string body);
Response no_content();

// "5.7.3-1": the version to simulate. Behaviour that differs between versions depends on it.
struct Version {
  int major = 5, minor = 7, patch = 3;
  bool v4() const { return major <= 4; }
  bool operator<(const Version& other) const {
    return std::tie(major, minor, patch) < std::tie(other.major, other.minor, other.patch);
  }
  bool operator>=(const Version& other) const { return !(*this < other); }
};
// False if it is not `N.N.N` with an optional `-N`, of version 4 or 5.
bool parse_version(std::string_view text, Version& out);

}  // namespace socbridge::sandbox
