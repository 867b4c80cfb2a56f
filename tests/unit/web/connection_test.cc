// SPDX-License-Identifier: Apache-2.0
#include "web/connection.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "support/temp_dir.h"

namespace socbridge::web {
namespace {

// Two connected sockets of one thread: a Connection and its client.
struct Pair {
  explicit Pair(net::ssl::context* tls = nullptr) {
    Tcp::acceptor acceptor(io, {net::ip::address_v4::loopback(), 0});
    client.connect(acceptor.local_endpoint());
    server = std::make_unique<Connection>(acceptor.accept(), tls);
  }
  net::io_context io;
  Tcp::socket client{io};
  std::unique_ptr<Connection> server;
};

// What `done` was called with.
struct Ended {
  int calls = 0;
  ErrorCode failed;
  std::size_t bytes = 0;
  Connection::Done done() {
    return [this](ErrorCode error, std::size_t size) {
      ++calls;
      failed = error;
      bytes = size;
    };
  }
};

// With certificate and key of its own.
struct Tls {
  Tls() {
    REQUIRE(std::system(("cd " + dir.path() +
                         " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                         "-days 2 -subj /CN=x -keyout own.key -out own.pem >/dev/null 2>&1")
                            .c_str()) == 0);
    server.use_certificate_chain_file(dir / "own.pem");
    server.use_private_key_file(dir / "own.key", net::ssl::context::pem);
  }
  socbridge::test::TempDir dir;
  net::ssl::context server{net::ssl::context::tls_server};
  net::ssl::context client{net::ssl::context::tls_client};
};

}  // namespace

TEST_CASE("a connection without TLS begins and ends it at once") {
  Pair pair;
  Ended begun, ended;
  pair.server->handshake(begun.done());
  pair.server->end_tls(ended.done());
  CHECK(begun.calls == 1);
  CHECK(ended.calls == 1);
  CHECK_FALSE(begun.failed);
  CHECK_FALSE(ended.failed);
}

TEST_CASE("a connection gives what came, and writes all that it is given") {
  Pair pair;
  net::write(pair.client, net::buffer("abc", 3));
  char came[10] = "";
  Ended got;
  pair.server->read_some(net::buffer(came), got.done());
  CHECK(got.calls == 0);  // not before the thread of the server runs
  pair.io.run();
  CHECK(got.calls == 1);
  CHECK(std::string(came, got.bytes) == "abc");
  const std::string large(std::size_t{4} << 20U, 'x');
  std::string back(large.size(), ' ');
  Ended written;
  std::size_t taken = 0;
  pair.server->write(net::buffer(large), written.done());
  net::async_read(pair.client, net::buffer(back),
                  [&](ErrorCode, std::size_t size) { taken = size; });
  pair.io.restart();
  pair.io.run();
  CHECK(written.calls == 1);
  CHECK(written.bytes == large.size());
  CHECK(taken == large.size());
  CHECK(back == large);
}

TEST_CASE("a connection that is closed, or whose client is gone, ends what it waits for") {
  Pair pair;
  char came[10];
  Ended waiting;
  pair.server->read_raw(net::buffer(came), waiting.done());
  pair.server->close();
  pair.server->close();  // also twice
  pair.io.run();
  CHECK(waiting.calls == 1);
  CHECK(waiting.failed == net::error::operation_aborted);
  Pair left;
  left.client.close();
  Ended end;
  left.server->read_some(net::buffer(came), end.done());
  left.io.run();
  CHECK(end.failed == net::error::eof);
}

TEST_CASE("with TLS a connection reads and writes what is encrypted on its way") {
  Tls tls;
  Pair pair(&tls.server);
  net::ssl::stream<Tcp::socket&> client(pair.client, tls.client);
  Ended begun, got, written, ended;
  char came[10] = "", back[10] = "";
  std::size_t taken = 0;
  ErrorCode client_end;
  pair.server->handshake([&](ErrorCode failed, std::size_t size) {
    begun.done()(failed, size);
    pair.server->read_some(net::buffer(came), [&](ErrorCode error, std::size_t bytes) {
      got.done()(error, bytes);
      pair.server->write(net::buffer("answer", 6), [&](ErrorCode wrong, std::size_t all) {
        written.done()(wrong, all);
        pair.server->end_tls(ended.done());
      });
    });
  });
  client.async_handshake(net::ssl::stream_base::client, [&](ErrorCode) {
    net::async_write(client, net::buffer("ask", 3), [&](ErrorCode, std::size_t) {
      net::async_read(client, net::buffer(back), [&](ErrorCode error, std::size_t bytes) {
        client_end = error;
        taken = bytes;
        client.async_shutdown([](ErrorCode) {});
      });
    });
  });
  pair.io.run();
  CHECK_FALSE(begun.failed);
  CHECK(std::string(came, got.bytes) == "ask");
  CHECK_FALSE(written.failed);
  CHECK(std::string(back, taken) == "answer");
  CHECK(client_end == net::error::eof);  // closed by TLS, not cut off
  CHECK(ended.calls == 1);
  CHECK_FALSE(ended.failed);
}

TEST_CASE("a client that speaks no TLS fails the handshake, and its bytes can be read raw") {
  Tls tls;
  Pair pair(&tls.server);
  net::write(pair.client, net::buffer("GET / HTTP/1.1\r\n\r\n", 18));
  pair.client.shutdown(Tcp::socket::shutdown_send);
  Ended begun;
  pair.server->handshake(begun.done());
  pair.io.run();
  CHECK(begun.calls == 1);
  CHECK(begun.failed);
  Pair raw(&tls.server);
  net::write(raw.client, net::buffer("plain", 5));
  char came[10] = "";
  Ended got;
  raw.server->read_raw(net::buffer(came), got.done());
  raw.io.run();
  CHECK(std::string(came, got.bytes) == "plain");
}

}  // namespace socbridge::web
