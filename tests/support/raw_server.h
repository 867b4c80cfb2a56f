// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace socbridge::http::test {

class RawServer;

// The server's end of one accepted connection.
class Peer {
 public:
  Peer(RawServer& server, int fd, int index) : server_(&server), fd_(fd), index_(index) {}
  int index() const { return index_; }  // 0 for the first connection
  // Reads one complete request (headers and Content-Length bytes); empty if the client has
  // disconnected.
  std::string read_request();
  void send(std::string_view bytes);
  void reset();           // closes with RST
  void wait_ms(int ms);   // ends early when the server stops
  void stop_listening();  // the next connection is refused

 private:
  RawServer* server_;
  int fd_;
  int index_;
};

// A TCP server on 127.0.0.1 that sends exactly the bytes of the test. Serves one connection after
// the other, or with `at_once` each in its own thread.
class RawServer {
 public:
  enum class Serving { one_by_one, at_once };
  explicit RawServer(std::function<void(Peer&)> handler, Serving serving = Serving::one_by_one);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url(std::string_view path = "/") const;
  std::string host_port() const { return "127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  std::string received() const;  // all requests so far

 private:
  friend class Peer;
  void run();
  void close_listener();
  std::function<void(Peer&)> handler_;
  std::atomic<int> listener_{-1};
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::string received_;
  Serving serving_;
  std::vector<std::thread> peers_;
  std::thread thread_;
};

// An answer with a Content-Length.
std::string answer(std::string_view status, std::string_view body, std::string_view headers = {});

// A loopback port without a listener.
std::uint16_t closed_port();

}  // namespace socbridge::http::test
