// SPDX-License-Identifier: Apache-2.0
#include "service/http_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"

namespace socbridge {
namespace {

struct Address {
  std::string host;  // as in a URL
  sockaddr_storage raw = {};
  socklen_t size = 0;
};

std::optional<Address> read_address(std::string_view text) {
  constexpr std::uint64_t kMostPort = 65535;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto port = parse_u64(text.substr(colon + 1));
  if (!port || *port > kMostPort) return {};
  Address out;
  std::string host(text.substr(0, colon));
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  out.host = host;
  const auto number = htons(static_cast<std::uint16_t>(*port));
  if (host.front() == '[' && host.back() == ']') {
    auto* six = reinterpret_cast<sockaddr_in6*>(&out.raw);
    six->sin6_family = AF_INET6;
    six->sin6_port = number;
    out.size = sizeof *six;
    host = host.substr(1, host.size() - 2);
    return ::inet_pton(AF_INET6, host.c_str(), &six->sin6_addr) == 1 ? std::optional(out)
                                                                     : std::nullopt;
  }
  auto* four = reinterpret_cast<sockaddr_in*>(&out.raw);
  four->sin_family = AF_INET;
  four->sin_port = number;
  out.size = sizeof *four;
  return ::inet_pton(AF_INET, host.c_str(), &four->sin_addr) == 1 ? std::optional(out)
                                                                  : std::nullopt;
}

Status failed(const std::string& what) {
  return Status::error(ExitCode::failure, what + ": " + std::system_category().message(errno));
}

const char* reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    default: return "Unknown";
  }
}

std::string bytes_of(const HttpAnswer& answer, bool with_body) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " " + reason(answer.status);
  out += "\r\nContent-Type: " + answer.content_type;
  out += "\r\nContent-Length: " + std::to_string(answer.body.size());
  if (answer.status == 405) out += "\r\nAllow: GET, HEAD";
  out += "\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n";
  return with_body ? out + answer.body : out;
}

HttpAnswer refusal(int status) {
  return {status, "text/plain; charset=utf-8", std::string(reason(status)) + "\n"};
}

// One client: its request is read, then the answer is written, then it is closed.
class Connection {
 public:
  Connection(Fd socket, std::int64_t deadline_ms)
      : socket_(std::move(socket)), deadline_ms_(deadline_ms) {}

  pollfd waits_for() const {
    return {socket_.get(), static_cast<short>(out_.empty() ? POLLIN : POLLOUT), 0};
  }
  std::int64_t deadline_ms() const { return deadline_ms_; }

  // False if it is over.
  bool advance(const HttpListener::Handler& handler, const HttpLimits& limits) {
    return out_.empty() ? read(handler, limits) : write();
  }
  // Its time is over: one that has sent no whole request gets 408. False if it is over.
  bool expire(const HttpLimits& limits) {
    if (!out_.empty()) return false;
    respond(refusal(408), true, limits);
    return write();
  }

 private:
  bool read(const HttpListener::Handler& handler, const HttpLimits& limits) {
    char buffer[4096];
    const ssize_t got = ::recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    in_.append(buffer, static_cast<std::size_t>(got));
    HttpRequest request;
    switch (parse_http_request(in_, request)) {
      case HttpParse::incomplete: return true;
      case HttpParse::bad: respond(refusal(400), true, limits); break;
      case HttpParse::too_large: respond(refusal(431), true, limits); break;
      case HttpParse::complete: {
        const bool known = request.method == "GET" || request.method == "HEAD";
        respond(known ? handler(request) : refusal(405), request.method != "HEAD", limits);
      }
    }
    return write();
  }

  void respond(const HttpAnswer& answer, bool with_body, const HttpLimits& limits) {
    out_ = bytes_of(answer, with_body);
    deadline_ms_ = steady_now_ms() + limits.answer_ms;
  }

  bool write() {
    const ssize_t sent = ::send(socket_.get(), out_.data() + sent_, out_.size() - sent_,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    sent_ += static_cast<std::size_t>(sent);
    return sent_ < out_.size();
  }

  Fd socket_;
  std::string in_, out_;
  std::size_t sent_ = 0;
  std::int64_t deadline_ms_;
};

// Until the next deadline; -1: nothing is waited for.
int poll_ms(const std::vector<Connection>& connections, std::int64_t resume_ms) {
  std::int64_t next = resume_ms > 0 ? resume_ms : INT64_MAX;
  for (const Connection& one : connections) next = std::min(next, one.deadline_ms());
  if (next == INT64_MAX) return -1;
  constexpr std::int64_t kMost = 60000;
  return static_cast<int>(std::clamp<std::int64_t>(next - steady_now_ms() + 1, 0, kMost));
}

}  // namespace

Result<HttpListener> HttpListener::open(const std::string& address, HttpLimits limits) {
  const auto where = read_address(address);
  if (!where) {
    return Status::error(ExitCode::usage,
                         "\"" + printable(address, 100) + "\" is no address to listen at",
                         "write 127.0.0.1:9469, [::1]:9469 or :9469");
  }
  const std::string what = "cannot listen at " + address;
  HttpListener out;
  out.limits_ = limits;
  out.host_ = where->host;
  out.socket_ = Fd(::socket(where->raw.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (out.socket_.get() < 0) return failed(what);
  const int on = 1;
  ::setsockopt(out.socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  constexpr int kBacklog = 64;
  if (::bind(out.socket_.get(), reinterpret_cast<const sockaddr*>(&where->raw), where->size) != 0 ||
      ::listen(out.socket_.get(), kBacklog) != 0) {
    return failed(what);
  }
  sockaddr_storage bound = {};
  socklen_t size = sizeof bound;
  if (::getsockname(out.socket_.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return failed(what);
  }
  // The port stands at the same place of both kinds of address.
  out.port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  return out;
}

Status HttpListener::serve(int stop_fd, const Handler& handler) {
  constexpr std::int64_t kPauseMs = 200;  // after accept() found no descriptor left
  std::vector<Connection> connections;
  std::int64_t resume_ms = 0;
  while (true) {
    const std::int64_t now = steady_now_ms();
    if (resume_ms <= now) resume_ms = 0;
    const bool full = connections.size() >= limits_.connections || resume_ms > 0;
    std::vector<pollfd> waiting = {{stop_fd, POLLIN, 0}, {full ? -1 : socket_.get(), POLLIN, 0}};
    for (const Connection& one : connections) waiting.push_back(one.waits_for());
    if (::poll(waiting.data(), waiting.size(), poll_ms(connections, resume_ms)) < 0) {
      if (errno == EINTR) continue;
      return failed("cannot wait for connections");
    }
    if (waiting[0].revents != 0) return {};
    std::vector<Connection> kept;
    for (std::size_t i = 0; i < connections.size(); ++i) {
      bool goes_on = true;
      if (waiting[i + 2].revents != 0) goes_on = connections[i].advance(handler, limits_);
      if (goes_on && connections[i].deadline_ms() <= steady_now_ms()) {
        goes_on = connections[i].expire(limits_);
      }
      if (goes_on) kept.push_back(std::move(connections[i]));
    }
    connections = std::move(kept);
    if (waiting[1].revents == 0) continue;
    Fd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client.get() >= 0) {
      connections.emplace_back(std::move(client), steady_now_ms() + limits_.request_ms);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      resume_ms = steady_now_ms() + kPauseMs;
    }
  }
}

}  // namespace socbridge
