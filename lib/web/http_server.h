// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "service/listening_socket.h"

namespace socbridge::web {

struct HttpAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// The text followed by a line feed.
HttpAnswer plain_answer(int status, const std::string& text);

enum class ClientCertificate { required, if_given };
enum class LeastTls { v1_2, v1_3 };

struct ServerOptions {
  // Certificate chain and its key, PEM; empty: no TLS. A changed file applies to new connections.
  std::string cert_file, key_file;
  std::string client_ca_file;  // not empty: client certificates must be signed by this CA
  ClientCertificate client_certificate = ClientCertificate::required;
  LeastTls least_tls = LeastTls::v1_2;
  // Receives the reason why changed files cannot be used; called in the serving thread.
  std::function<void(const Status&)> complain = nullptr;
  // Called in the serving thread before each connection and each request. It may change the TLS
  // files and rules above and `headers`; TLS itself stays on or off.
  std::function<void(ServerOptions&)> renew = nullptr;
  const char* challenge = "Bearer";                          // WWW-Authenticate of a 401
  const char* methods = "POST, PUT, PATCH";                  // Allow of a 405
  std::vector<std::pair<std::string, std::string>> headers;  // of each answer
  std::size_t max_body = std::size_t{1} << 20;               // bytes of one request
  std::size_t max_memory = std::size_t{64} << 20;            // bytes of all current bodies
  std::size_t connections = 1024;
  std::int64_t request_ms = 30000;  // from the first byte of a request to its last
  std::int64_t idle_ms = 60000;     // between two requests
};

// The head of a request, before its body is read.
struct RequestHead {
  std::string method, path;   // the path begins with '/', without query
  std::string authorization;  // "" if it was not sent
  std::string accept = {};    // "" if it was not sent
};

// The server's current load.
struct ServerLoad {
  std::uint64_t connections = 0;
  std::uint64_t body_bytes = 0;  // reserved for bodies that are being read or processed
  std::uint64_t refused = 0;     // requests that the server itself answered with an error
};

// HTTP/1.1 with bodies and keep-alive, with or without TLS (1.2 or later), over Boost.Beast. One
// thread serves all connections; answers come from other threads. Limited are the head (8 KiB), the
// body, the bodies of all requests together, the time of each request and the number of
// connections: a new one replaces the one that has waited longest for its client. The server itself
// answers 400, 413, 431, 501 and 503 (no memory for the body).
class HttpServer {
 public:
  // Returns an answer to send without reading the body, or empty to read it.
  using Screen = std::function<std::optional<HttpAnswer>(const RequestHead&)>;
  // Must be called once, from any thread.
  using Respond = std::function<void(HttpAnswer)>;
  // Called in the serving thread; must return quickly.
  using Take = std::function<void(const RequestHead&, std::string body, Respond respond)>;

  // Errors: usage (certificate, key or CA cannot be read or do not match). `env` must outlive it.
  static Result<std::unique_ptr<HttpServer>> open(Env& env, ListeningSocket socket,
                                                  ServerOptions options);
  ~HttpServer();

  // Runs until stop(). Call it once. Does not throw.
  void serve(Screen screen, Take take);
  // Accepts no further requests; those in progress are answered for at most `grace_ms`.
  // Thread-safe.
  void stop(std::int64_t grace_ms);
  ServerLoad load() const;  // thread-safe

  struct Inside;

 private:
  explicit HttpServer(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace socbridge::web
