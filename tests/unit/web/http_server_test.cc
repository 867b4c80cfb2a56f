// SPDX-License-Identifier: Apache-2.0
// Connections, their number and their end; single requests are in http_session_test.cc.
#include "web/http_server.h"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http_fixture.h"
#include "support/fake_clock.h"

namespace socbridge::web {
namespace {

using test::Client;
using test::post;
using test::Server;

TEST_CASE("a further connection replaces the one that has been idle longest") {
  ServerOptions options;
  options.connections = 3;
  const FakeClock clock;  // all in the same millisecond, as on a quick machine
  Server server(options);
  std::vector<std::unique_ptr<Client>> clients;
  const auto connect = [&] {
    clients.push_back(std::make_unique<Client>(server));
    CHECK(clients.back()->ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
  };
  for (int i = 0; i < 3; ++i) connect();
  // The connection that has been idle longest is at each of the three positions in memory once.
  for (const std::size_t next : {1U, 0U, 2U}) {
    for (const std::size_t other : {0U, 1U, 2U}) {
      if (other == next) continue;
      CHECK(clients[other]->ask(post("22"), "2\n").starts_with("HTTP/1.1 202 "));
    }
    Client further(server);
    CHECK(further.ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
    CHECK(clients[next]->closed());
    std::swap(*clients[next], further);
  }
}

TEST_CASE("clients that send many requests at once and read nothing get no more connections") {
  ServerOptions options;
  options.connections = 4;
  Server server(options);
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += "GET /long HTTP/1.1\r\nHost: x\r\n\r\n";
  std::vector<std::unique_ptr<Client>> clients;
  std::uint64_t most = 0;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<Client>(server));
    clients.back()->send(requests);
    most = std::max(most, (*server).load().connections);
  }
  Client last(server);
  CHECK(last.ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
  most = std::max(most, (*server).load().connections);
  CHECK(most <= options.connections + 4);  // closed ones that are not removed yet
}

TEST_CASE("what was begun is answered before the end") {
  Server server;
  Client client(server), idle(server);
  client.send(post("hold"));
  while ((*server).load().body_bytes == 0) std::this_thread::yield();
  std::thread later([&server] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    server.release();
  });
  server.stop();
  later.join();
  CHECK(client.read("late\n").starts_with("HTTP/1.1 202 "));
  CHECK(idle.closed());
}

}  // namespace
}  // namespace socbridge::web
