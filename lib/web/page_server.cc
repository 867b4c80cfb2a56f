// SPDX-License-Identifier: Apache-2.0
#include "web/page_server.h"

#include "service/listening_socket.h"

namespace socbridge::web {

Result<std::unique_ptr<PageServer>> PageServer::open(Env& env, const PageServerOptions& options) {
  const auto complain = [say = options.complain](const char* stays) {
    return [say, stays](const Status& why) {
      if (say) say(why, stays);
    };
  };
  std::unique_ptr<PageServer> out(new PageServer());
  ServerOptions server;
  server.methods = "GET, HEAD";
  if (!options.config_file.empty()) {
    auto file = WebConfigFile::open(env, options.config_file, complain("the configuration"));
    if (!file.ok()) return file.status();
    server = file->config().server;
    server.renew = [self = out.get()](ServerOptions& now) { self->renew(now); };
    out->file_ = std::move(*file);
  }
  auto socket = ListeningSocket::open(options.address);
  if (!socket.ok()) return socket.status();
  out->url_ = (server.cert_file.empty() ? "http://" : "https://") + socket->address();
  out->files_ = {options.config_file, server.cert_file, server.key_file, server.client_ca_file};
  std::erase(out->files_, std::string());
  server.max_body = 0;
  server.connections = options.connections;
  server.request_ms = options.request_ms;
  server.complain = complain("the certificate");
  auto opened = HttpServer::open(env, std::move(*socket), std::move(server));
  if (!opened.ok()) return opened.status();
  out->server_ = std::move(*opened);
  return out;
}

void PageServer::renew(ServerOptions& options) {
  file_->refresh();
  const ServerOptions& now = file_->config().server;
  options.cert_file = now.cert_file;
  options.key_file = now.key_file;
  options.client_ca_file = now.client_ca_file;
  options.client_certificate = now.client_certificate;
  options.least_tls = now.least_tls;
  options.headers = now.headers;
}

HttpAnswer PageServer::page(const RequestHead& head) {
  const std::lock_guard lock(page_mutex_);
  return handler_(head);
}

std::optional<HttpAnswer> PageServer::answer(const RequestHead& head) {
  if (head.method != "GET" && head.method != "HEAD") return plain_answer(405, "GET or HEAD");
  const bool is_open = !file_ || file_->config().users.empty() || head.path == "/healthz";
  if (is_open) return page(head);
  switch (file_->config().users.known(head.authorization)) {
    case BasicUsers::Login::right: return page(head);
    case BasicUsers::Login::wrong: return plain_answer(401, "log in");
    case BasicUsers::Login::unknown: break;
  }
  return {};
}

void PageServer::check_login(const RequestHead& head, const HttpServer::Respond& respond) {
  const bool given = passwords_.give([this, users = file_->config().users, head, respond] {
    respond(users.check(head.authorization) ? page(head) : plain_answer(401, "log in"));
  });
  if (!given) respond(plain_answer(503, "too many logins wait for their check"));
}

void PageServer::start(Handler handler) {
  handler_ = std::move(handler);
  thread_ = std::thread([this] {
    server_->serve([this](const RequestHead& head) { return answer(head); },
                   [this](const RequestHead& head, const std::string&,
                          const HttpServer::Respond& respond) { check_login(head, respond); });
  });
}

PageServer::~PageServer() {
  if (!thread_.joinable()) return;
  constexpr std::int64_t kGraceMs = 500;
  server_->stop(kGraceMs);
  thread_.join();
  passwords_.stop();  // before the server, whose requests it answers
}

}  // namespace socbridge::web
