// SPDX-License-Identifier: Apache-2.0
#include "service/listening_socket.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <string>

#include "base/text.h"
#include "support/loopback.h"
#include "support/skip.h"

using namespace socbridge;

namespace {

ListeningSocket open(const std::string& address) {
  auto socket = ListeningSocket::open(address);
  INFO(socket.status().line());
  REQUIRE(socket.ok());
  return std::move(*socket);
}

std::uint16_t port_of(const ListeningSocket& socket) {
  const std::string address = socket.address();
  return static_cast<std::uint16_t>(*parse_u64(address.substr(address.rfind(':') + 1)));
}

}  // namespace

TEST_CASE("what is not an address to listen at is a mistake of the caller, and shown printably") {
  for (const char* wrong :
       {"", "9469", "host:1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "[::1:1", "::1:1",
        "127.0.0.1:-1", "http://127.0.0.1:1", "[]:1", "[:1", "]:1", "[127.0.0.1]:1", "127.1:1",
        "127.0.0.1:18446744073709551617", "[fe80::1%lo]:1"}) {
    CAPTURE(wrong);
    const Status status = ListeningSocket::open(wrong).status();
    CHECK(status.code() == ExitCode::usage);
    CHECK(status.line() == "\"" + std::string(wrong) +
                               "\" is not a listen address; use 127.0.0.1:9469, [::1]:9469 or "
                               ":9469");
  }
  const Status odd = ListeningSocket::open("\x1b[2J:1").status();
  CHECK(odd.line().find('\x1b') == std::string::npos);
}

TEST_CASE("port 0 is any free port, and the address names it") {
  const ListeningSocket socket = open("127.0.0.1:0");
  CHECK(port_of(socket) > 0);
  CHECK(socket.address() == "127.0.0.1:" + std::to_string(port_of(socket)));
  CHECK(connect_loopback(port_of(socket)).valid());
  CHECK(open("localhost:0").address().starts_with("127.0.0.1:"));
  const ListeningSocket all = open(":0");
  CHECK(all.address().starts_with("0.0.0.0:"));
  CHECK(connect_loopback(port_of(all)).valid());
}

TEST_CASE("a listening socket does not block, and no other program inherits it") {
  const ListeningSocket socket = open("127.0.0.1:0");
  CHECK((::fcntl(socket.fd(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK((::fcntl(socket.fd(), F_GETFD) & FD_CLOEXEC) != 0);
  ListeningSocket given = open("127.0.0.1:0");
  const std::uint16_t port = port_of(given);
  {
    const Fd fd = std::move(given).take();
    CHECK(connect_loopback(port).valid());
  }
  CHECK_FALSE(connect_loopback(port).valid());
}

TEST_CASE("a port that is taken, and an address of another machine, are failures with the reason") {
  const ListeningSocket first = open("127.0.0.1:0");
  const Status taken = ListeningSocket::open(first.address()).status();
  CHECK(taken.code() == ExitCode::failure);
  CHECK(taken.message() == "cannot listen on " + first.address() + ": Address already in use");
  const Status foreign = ListeningSocket::open("192.0.2.1:0").status();
  CHECK(foreign.code() == ExitCode::failure);
  CHECK(foreign.message().starts_with("cannot listen on 192.0.2.1:0: "));
}

TEST_CASE("which addresses only processes of this machine reach") {
  CHECK(open("127.0.0.1:0").is_loopback());
  CHECK(open("127.9.8.7:0").is_loopback());
  CHECK_FALSE(open(":0").is_loopback());
  CHECK_FALSE(open(":0").is_six());
  if (!ListeningSocket::open("[::1]:0").ok()) SKIP_TEST("this machine has no IPv6");
  const ListeningSocket six = open("[::1]:0");
  CHECK(six.is_loopback());
  CHECK(six.is_six());
  CHECK(six.address() == "[::1]:" + std::to_string(port_of(six)));
  CHECK(open("[0:0:0:0:0:0:0:1]:0").is_loopback());
  CHECK(open("[::ffff:127.0.0.1]:0").is_loopback());
  CHECK_FALSE(open("[::]:0").is_loopback());
}
