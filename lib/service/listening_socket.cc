// SPDX-License-Identifier: Apache-2.0
#include "service/listening_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/text.h"

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

// By the address itself: [::1] has longer forms, and IPv4 stands in IPv6 too.
bool is_of_loopback(const Address& where) {
  constexpr std::uint8_t kLoopbackNet = 127;
  if (where.raw.ss_family == AF_INET) {
    const auto* four = reinterpret_cast<const sockaddr_in*>(&where.raw);
    return ntohl(four->sin_addr.s_addr) >> 24U == kLoopbackNet;
  }
  const in6_addr& six = reinterpret_cast<const sockaddr_in6*>(&where.raw)->sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&six) ||
         (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == kLoopbackNet);
}

Status failed(const std::string& what) {
  return Status::error(ExitCode::failure, what + ": " + std::system_category().message(errno));
}

}  // namespace

Result<ListeningSocket> ListeningSocket::open(const std::string& address) {
  const auto where = read_address(address);
  if (!where) {
    return Status::error(ExitCode::usage,
                         "\"" + printable(address, 100) + "\" is not a listen address",
                         "use 127.0.0.1:9469, [::1]:9469 or :9469");
  }
  const std::string what = "cannot listen on " + address;
  ListeningSocket out;
  out.host_ = where->host;
  out.is_loopback_ = is_of_loopback(*where);
  out.fd_ = Fd(::socket(where->raw.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (out.fd_.get() < 0) return failed(what);
  const int on = 1;
  ::setsockopt(out.fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  constexpr int kBacklog = 256;
  if (::bind(out.fd_.get(), reinterpret_cast<const sockaddr*>(&where->raw), where->size) != 0 ||
      ::listen(out.fd_.get(), kBacklog) != 0) {
    return failed(what);
  }
  sockaddr_storage bound = {};
  socklen_t size = sizeof bound;
  if (::getsockname(out.fd_.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return failed(what);
  }
  // Both kinds of address have the port at the same offset.
  out.port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  return out;
}

}  // namespace socbridge
