// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/thehive/server.h"

namespace socbridge::sandbox::test {

struct Reply {
  int status = 0;  // 0: no complete head
  std::string head, body;
  int error = 0;       // errno of the read that failed, such as ECONNRESET
  bool whole = false;  // the number of bytes in Content-Length
};

// One TCP connection with minimal HTTP, to observe the effects of faults on the bytes.
class RawClient {
 public:
  explicit RawClient(int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  Reply receive(int timeout_ms = 5000);
  // One request with key and JSON type; `extra` are further header lines, each ending in CR LF.
  Reply ask(std::string_view method, std::string_view path, std::string_view body = {},
            std::string_view extra = {});
  // The bytes of that request.
  static std::string request(std::string_view method, std::string_view path, std::string_view body,
                             std::string_view headers);

 private:
  int socket_;
  std::string in_;
};

inline constexpr std::string_view kHeaders =
    "Authorization: Bearer test-key\r\nContent-Type: application/json\r\n";

ServerOptions options(std::vector<std::string> rules = {}, std::string version = "5.7.3-1");

// A running sandbox on a free port. Fails the test if it does not start.
class Sandbox {
 public:
  explicit Sandbox(ServerOptions options = test::options());
  Server& server() { return server_; }
  int port() const { return server_.port(); }
  // On a fresh connection.
  Reply ask(std::string_view method, std::string_view path, std::string_view body = {},
            std::string_view extra = {});
  Reply post_alert(std::string_view members);  // into the smallest alert, see alert()
  // The answer of a query, parsed.
  json::Document query(std::string_view operations);

 private:
  Server server_;
};

// The smallest valid alert, with these members prepended (the first of a name is used).
std::string alert(std::string_view members = {});
json::Document parsed(const Reply& reply);
// `type` and `message` of an error body.
std::string error_type(const Reply& reply);
std::string error_message(const Reply& reply);

}  // namespace socbridge::sandbox::test
