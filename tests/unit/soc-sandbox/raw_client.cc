// SPDX-License-Identifier: Apache-2.0
#include "raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"

namespace socbridge::sandbox::test {

RawClient::RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int done = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (done != 0) throw std::runtime_error("cannot connect to the sandbox");
}

RawClient::~RawClient() { ::close(socket_); }

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Reply RawClient::receive(int timeout_ms) {
  Reply reply;
  const Deadline deadline = Deadline::after_ms(timeout_ms);
  std::size_t length = 0, head_end = std::string::npos;
  while (true) {
    if (head_end == std::string::npos && (head_end = in_.find("\r\n\r\n")) != std::string::npos) {
      reply.head = in_.substr(0, head_end + 2);
      in_.erase(0, head_end + 4);
      reply.status = std::atoi(reply.head.c_str() + 9);
      const std::size_t at = ascii_lower(reply.head).find("content-length: ");
      if (at != std::string::npos) length = std::strtoul(reply.head.c_str() + at + 16, nullptr, 10);
    }
    if (head_end != std::string::npos && in_.size() >= length) break;
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(deadline.left_ms())) != 1) {
      reply.error = ETIMEDOUT;
      return reply;
    }
    char buffer[65536];
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) {
      reply.error = got < 0 ? errno : 0;
      reply.body = std::move(in_);
      return reply;
    }
    in_.append(buffer, static_cast<std::size_t>(got));
  }
  reply.body = in_.substr(0, length);
  in_.erase(0, length);
  reply.whole = true;
  return reply;
}

std::string RawClient::request(std::string_view method, std::string_view path,
                               std::string_view body, std::string_view headers) {
  std::string text(method);
  text.append(" ").append(path).append(" HTTP/1.1\r\nHost: sandbox\r\n").append(headers);
  if (!body.empty() || method != "GET") {
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return text.append("\r\n").append(body);
}

Reply RawClient::ask(std::string_view method, std::string_view path, std::string_view body,
                     std::string_view extra) {
  send(request(method, path, body, std::string(kHeaders) + std::string(extra)));
  return receive();
}

ServerOptions options(std::vector<std::string> rules, std::string version) {
  ServerOptions options;
  options.port = 0;
  options.key = Secret("test-key");
  options.fail_rules = std::move(rules);
  options.version = std::move(version);
  return options;
}

namespace {

Server must_start(ServerOptions options) {
  auto server = Server::start(std::move(options));
  INFO(server.status().line());
  REQUIRE(server.ok());
  return std::move(server).value();
}

}  // namespace

Sandbox::Sandbox(ServerOptions given) : server_(must_start(std::move(given))) {}

Reply Sandbox::ask(std::string_view method, std::string_view path, std::string_view body,
                   std::string_view extra) {
  return RawClient(port()).ask(method, path, body, extra);
}

Reply Sandbox::post_alert(std::string_view members) {
  return ask("POST", "/api/v1/alert", alert(members));
}

json::Document Sandbox::query(std::string_view operations) {
  const Reply reply =
      ask("POST", "/api/v1/query?name=test", "{\"query\":[" + std::string(operations) + "]}");
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  return parsed(reply);
}

std::string alert(std::string_view members) {
  std::string text = "{";
  if (!members.empty()) text.append(members).append(",");
  return text +
         R"("type":"wazuh","source":"mgr","sourceRef":"r-1","title":"Title","description":"Text"})";
}

json::Document parsed(const Reply& reply) {
  auto document = json::Document::parse(reply.body);
  INFO(reply.body);
  REQUIRE(document.ok());
  return std::move(document).value();
}

std::string error_type(const Reply& reply) {
  return std::string(parsed(reply).root()["type"].string().value_or(""));
}

std::string error_message(const Reply& reply) {
  return std::string(parsed(reply).root()["message"].string().value_or(""));
}

}  // namespace socbridge::sandbox::test
