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
  std::string address;      // as ListeningSocket::open() takes it
  std::string config_file;  // read_web_config(); empty: neither TLS nor users
  // Why a changed file cannot be used, and what from before stays ("the certificate").
  std::function<void(const Status&, const char* stays)> complain = nullptr;
  std::size_t connections = 32;
  std::int64_t request_ms = 5000;  // for a head; between two requests as long as the scrapes need
};

// Serves pages such as /metrics to GET and HEAD, in a thread of its own. Others get 405, and with
// users in the configuration all but /healthz get 401 without a login. The configuration is read
// again with each connection and each request. A password that is not known yet is checked in a
// second thread, and 503 is answered where many wait for that.
class PageServer {
 public:
  // Called in one of its two threads at a time; must answer at once, from what is there.
  using Handler = std::function<HttpAnswer(const RequestHead&)>;

  // Binds the socket and reads certificate and key. Errors: of ListeningSocket::open(),
  // read_web_config() and HttpServer::open().
  static Result<std::unique_ptr<PageServer>> open(Env& env, const PageServerOptions& options);
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  // Once. Until the object ends.
  void start(Handler handler);
  // What it reads again: configuration, certificate, key, CA of the clients.
  const std::vector<std::string>& files() const { return files_; }
  const std::string& url() const { return url_; }  // "https://127.0.0.1:9469"

 private:
  PageServer() = default;
  void renew(ServerOptions& options);
  // Empty: check_login() answers.
  std::optional<HttpAnswer> answer(const RequestHead& head);
  void check_login(const RequestHead& head, const HttpServer::Respond& respond);
  HttpAnswer page(const RequestHead& head);

  std::optional<WebConfigFile> file_;  // of the serving thread
  std::unique_ptr<HttpServer> server_;
  std::string url_;
  std::vector<std::string> files_;
  std::mutex page_mutex_;
  Handler handler_;  // under page_mutex_
  Worker passwords_;
  std::thread thread_;
};

}  // namespace socbridge::web
