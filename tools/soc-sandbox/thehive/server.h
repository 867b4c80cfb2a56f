// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 9000;  // 0: any free port
  Secret key;       // empty: any non-empty Bearer key is accepted
  std::int64_t latency_ms = 0;
  std::vector<std::string> fail_rules;  // docs/sandbox.md
  std::string state_file;               // stores received data across runs; empty: memory only
  std::string version = "5.7.3-1";      // "4.1.24-1": behaves like TheHive 4
  std::string path_prefix;              // `play.http.context`, such as `/thehive`; empty: none
  Secret admin_key;                     // of admin@thehive.local; empty: there is none
  Secret read_only_key;                 // of a user without any permission; empty: there is none
  // The Cortex of TheHive, and its key for it. Called from many threads; must outlive the server.
  // Empty: none.
  std::function<Response(const Request&)> cortex;
  Secret cortex_key;
  std::int64_t cortex_check_ms = 60000;  // interval of TheHive's checks of its Cortex
};

// A small TheHive for tests. Runs in its own threads.
class Server {
 public:
  // Errors: usage for an invalid rule, failure for a port in use or an unreadable state file.
  static Result<Server> start(ServerOptions options);
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();
  int port() const;
  std::string url() const;
  void stop();  // stops accepting and joins the threads

  std::uint64_t alert_count() const;
  std::uint64_t request_count() const;
  // Alerts in the API's form, JSON array, oldest first.
  std::string alerts_json() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::sandbox
