// SPDX-License-Identifier: Apache-2.0
// Looking through jobs page by page, on a server that may never come to an end.
#include "cortex/find_jobs.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <functional>

#include "base/text.h"
#include "support/raw_server.h"

namespace socbridge::cortex {
namespace {

// Returns the requested number of jobs; `id_of(n, i)`: id of job i of page n, else each is unique.
struct Server {
  std::function<std::string(int, std::size_t)> id_of = [](int page, std::size_t i) {
    return std::to_string(page) + "-" + std::to_string(i);
  };
  std::atomic<int> pages = 0;
  http::test::RawServer server{[this](http::test::Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) {
      const std::size_t at = request.find("range=0-") + 8;
      const auto size = parse_u64(request.substr(at, request.find('&', at) - at)).value_or(0);
      const int page = ++pages;
      std::string jobs;
      for (std::size_t i = 0; i < size; ++i) {
        jobs += std::string(i == 0 ? "" : ",") + R"({"id":")" + id_of(page, i) +
                R"(","data":"192.0.2.1","createdAt":7})";
      }
      peer.send(
          http::test::answer("200 OK", "[" + jobs + "]", "Content-Type: application/json\r\n"));
    }
  }};

  Result<FoundJobs> find(const char* value) {
    http::Client http(http::ClientOptions{});
    Client client(http, Endpoint{"http://" + server.host_port(), Secret("key")});
    JobFilter filter;
    filter.value = value;
    return find_jobs(client, filter, 10, 30000, nullptr);
  }
};

}  // namespace

TEST_CASE("jobs are looked through until enough are found") {
  Server server;
  const auto found = server.find("192.0.2.1");
  REQUIRE(found.ok());
  CHECK(found->jobs.size() == 10);
  CHECK_FALSE(found->cut);
  CHECK(server.pages == 1);
}

TEST_CASE("a server that gives the same jobs again and again is refused") {
  Server server;
  server.id_of = [](int, std::size_t i) { return std::to_string(i % 500); };
  const auto found = server.find("192.0.2.9");
  CHECK(found.status().code() == ExitCode::refused);
  CHECK(server.pages < 12);
}

TEST_CASE("jobs without end are looked through up to a bound") {
  Server server;
  const auto found = server.find("192.0.2.9");
  REQUIRE(found.ok());
  CHECK(found->cut);
  CHECK_FALSE(found->whole);
  CHECK(found->jobs.empty());
  CHECK(server.pages == kMaxScanned / 500);
}

}  // namespace socbridge::cortex
