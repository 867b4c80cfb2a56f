// SPDX-License-Identifier: Apache-2.0
#include "support/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>

#include "base/text.h"

namespace socbridge::http::test {
namespace {

int listen_on_loopback(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, generic, size) != 0 || ::listen(fd, 64) != 0 ||
      ::getsockname(fd, generic, &size) != 0) {
    std::abort();
  }
  port = ntohs(address.sin_port);
  return fd;
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "content-length:";
  const std::string lower = ascii_lower(head);
  const std::size_t at = lower.find(kName);
  if (at == std::string::npos) return 0;
  const std::size_t end = lower.find('\r', at);
  return parse_u64(trim(std::string_view(lower).substr(at + kName.size(), end - at - kName.size())))
      .value_or(0);
}

}  // namespace

std::string Peer::read_request() {
  std::string bytes;
  std::size_t wanted = std::string::npos;
  while (bytes.size() < wanted) {
    pollfd waiting{fd_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, 20);
    if (server_->stopping_) return {};
    if (ready <= 0) continue;
    std::array<char, 4096> part{};
    const ssize_t got = ::recv(fd_, part.data(), part.size(), 0);
    if (got <= 0) return {};
    bytes.append(part.data(), static_cast<std::size_t>(got));
    const std::size_t head = bytes.find("\r\n\r\n");
    if (head != std::string::npos) wanted = head + 4 + content_length(bytes.substr(0, head + 2));
  }
  const std::lock_guard lock(server_->mutex_);
  server_->received_ += bytes;
  return bytes;
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Peer::wait_ms(int ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  while (!server_->stopping_ && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Peer::stop_listening() { server_->close_listener(); }

RawServer::RawServer(std::function<void(Peer&)> handler, Serving serving)
    : handler_(std::move(handler)), serving_(serving) {
  listener_ = listen_on_loopback(port_);
  thread_ = std::thread([this] { run(); });
}

RawServer::~RawServer() {
  stopping_ = true;
  thread_.join();
  close_listener();
}

void RawServer::close_listener() {
  const int fd = listener_.exchange(-1);
  if (fd >= 0) ::close(fd);
}

void RawServer::run() {
  while (!stopping_ && listener_ >= 0) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 10) <= 0) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const auto serve = [this, fd, index = connections_++] {
      Peer peer(*this, fd, index);
      handler_(peer);
      ::close(fd);
    };
    if (serving_ == Serving::at_once) {
      peers_.emplace_back(serve);
    } else {
      serve();
    }
  }
  for (std::thread& peer : peers_) peer.join();
}

std::string RawServer::url(std::string_view path) const {
  return "http://" + host_port() + std::string(path);
}

std::string RawServer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::string answer(std::string_view status, std::string_view body, std::string_view headers) {
  std::string out = "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers);
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return out + std::string(body);
}

std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

}  // namespace socbridge::http::test
