// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "web/http_server.h"
#include "web/web_config.h"
#include "web/worker.h"

namespace socbridge::web {

struct PageServerOptions {
  std::string address;      // as for ListeningSocket::open()
  std::string config_file;  // read_web_config(); empty: neither TLS nor logins
  // Receives why a changed file cannot be used, and what stays in use ("the certificate").
  std::function<void(const Status&, const char* stays)> complain = nullptr;
  std::size_t connections = 32;
  std::int64_t request_ms = 5000;  // for a head; an idle connection stays as long as scrapes need
};

// Serves pages such as /metrics to GET and HEAD, in a thread of its own. Other methods get 405. If
// the configuration has users, all pages but /healthz get 401 without a login. The configuration is
// read again with each connection and each request. A password that is not cached is checked in a
// second thread; if too many wait there, the answer is 503.
class PageServer {
 public:
  // Called in one of the two threads at a time; must answer without waiting.
  using Handler = std::function<HttpAnswer(const RequestHead&)>;

  // Binds the socket and reads certificate and key. Errors: those of ListeningSocket::open(),
  // read_web_config() and HttpServer::open().
  static Result<std::unique_ptr<PageServer>> open(Env& env, const PageServerOptions& options);
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  // Starts serving; runs until the object ends. Call it once.
  void start(Handler handler);
  // The files that are read again: configuration, certificate, key, client CA.
  const std::vector<std::string>& files() const { return files_; }
  const std::string& url() const { return url_; }  // "https://127.0.0.1:9469"

 private:
  PageServer() = default;
  void renew(ServerOptions& options);
  // Empty: check_login() sends the answer.
  std::optional<HttpAnswer> answer(const RequestHead& head);
  void check_login(const RequestHead& head, const HttpServer::Respond& respond);
  HttpAnswer page(const RequestHead& head);

  std::optional<WebConfigFile> file_;  // for the serving thread
  std::unique_ptr<HttpServer> server_;
  std::string url_;
  std::vector<std::string> files_;
  std::mutex page_mutex_;
  Handler handler_;  // under page_mutex_
  Worker passwords_;
  std::thread thread_;
};

}  // namespace socbridge::web
