// SPDX-License-Identifier: Apache-2.0
#include "http/event_loop.h"

#include <curl/curl.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "http/curl_init.h"
#include "support/raw_server.h"

namespace socbridge::http::test {
namespace {

// A multi handle with its loop, and what its transfers ended with.
class Transfers {
 public:
  Transfers() {
    REQUIRE(ensure_global_init());
    multi_ = curl_multi_init();
    loop_ = std::make_unique<EventLoop>(multi_);
    REQUIRE(loop_->ok());
  }
  ~Transfers() {
    for (const auto& one : all_) {
      curl_multi_remove_handle(multi_, one->easy);
      curl_easy_cleanup(one->easy);
    }
    curl_multi_cleanup(multi_);  // calls into the loop
  }
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  void start(const std::string& url, long timeout_ms = 20000) {
    all_.push_back(std::make_unique<One>());
    One& one = *all_.back();
    one.easy = curl_easy_init();
    curl_easy_setopt(one.easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(one.easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(one.easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(one.easy, CURLOPT_PROXY, "");
    curl_easy_setopt(one.easy, CURLOPT_WRITEDATA, &one.body);
    curl_easy_setopt(one.easy, CURLOPT_WRITEFUNCTION, &take);
    REQUIRE(curl_multi_add_handle(multi_, one.easy) == CURLM_OK);
  }
  // Until all have ended; fails the test after 20 s.
  void finish() {
    const Deadline deadline = Deadline::after_ms(20000);
    for (std::size_t ended = 0; ended < all_.size() - finished_;) {
      REQUIRE_FALSE(deadline.passed());
      loop_->wait(20000);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        for (const auto& one : all_) {
          if (one->easy == message->easy_handle) one->code = message->data.result;
        }
        ++ended;
      }
    }
    finished_ = all_.size();
  }
  EventLoop& loop() { return *loop_; }
  CURLcode code(std::size_t i) const { return all_.at(i)->code; }
  const std::string& body(std::size_t i) const { return all_.at(i)->body; }

 private:
  struct One {
    CURL* easy = nullptr;
    CURLcode code = CURL_LAST;
    std::string body;
  };
  static std::size_t take(char* bytes, std::size_t size, std::size_t count, void* body) {
    static_cast<std::string*>(body)->append(bytes, size * count);
    return size * count;
  }
  CURLM* multi_ = nullptr;
  std::unique_ptr<EventLoop> loop_;
  std::vector<std::unique_ptr<One>> all_;
  std::size_t finished_ = 0;
};

constexpr auto kAtOnce = RawServer::Serving::at_once;

}  // namespace

TEST_CASE("event loop: transfers of several sockets at once all come to their ends") {
  const RawServer server(
      [](Peer& peer) {
        peer.read_request();
        peer.send(answer("200 OK", std::string(300000, 'x')));
      },
      kAtOnce);
  Transfers transfers;
  constexpr std::size_t kCount = 100;  // more than events are read in one turn
  for (std::size_t i = 0; i < kCount; ++i) transfers.start(server.url());
  transfers.finish();
  for (std::size_t i = 0; i < kCount; ++i) {
    CHECK(transfers.code(i) == CURLE_OK);
    CHECK(transfers.body(i).size() == 300000);
  }
}

TEST_CASE("event loop: a socket whose number was used before is waited for again") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer("200 OK", "ok", "Connection: close\r\n"));
  });
  Transfers transfers;
  for (std::size_t i = 0; i < 5; ++i) {
    transfers.start(server.url());
    transfers.finish();
    CHECK(transfers.body(i) == "ok");
  }
  CHECK(server.connections() == 5);
}

TEST_CASE("event loop: libcurl's timer ends a wait, and a transfer whose time is over") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.wait_ms(20000);
  });
  Transfers transfers;
  transfers.start(server.url(), 100);
  const std::int64_t begun = steady_now_ms();
  transfers.finish();
  CHECK(transfers.code(0) == CURLE_OPERATION_TIMEDOUT);
  CHECK(steady_now_ms() - begun >= 90);
  CHECK(steady_now_ms() - begun < 15000);  // a wait is asked for 20 s
}

TEST_CASE("event loop: what cannot connect ends with its error") {
  Transfers transfers;
  transfers.start("http://127.0.0.1:" + std::to_string(closed_port()) + "/");
  transfers.finish();
  CHECK(transfers.code(0) == CURLE_COULDNT_CONNECT);
}

TEST_CASE("event loop: a new transfer begins with what is due, before any wait") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer("200 OK", "ok"));
  });
  Transfers transfers;
  transfers.loop().run_due();  // nothing is
  transfers.start(server.url());
  transfers.loop().run_due();
  const Deadline deadline = Deadline::after_ms(20000);
  while (server.connections() == 0) REQUIRE_FALSE(deadline.passed());
  transfers.finish();
  CHECK(transfers.body(0) == "ok");
}

TEST_CASE("event loop: wake ends the next wait or the one of another thread, once") {
  Transfers transfers;
  EventLoop& loop = transfers.loop();
  const std::int64_t begun = steady_now_ms();
  loop.wake();
  loop.wait(20000);
  std::thread other([&loop] { loop.wake(); });
  loop.wait(20000);
  other.join();
  CHECK(steady_now_ms() - begun < 15000);
  const std::int64_t again = steady_now_ms();
  loop.wait(60);
  CHECK(steady_now_ms() - again >= 50);
}

TEST_CASE("event loop: without anything to wait for a wait takes its time, at least none") {
  Transfers transfers;
  const std::int64_t begun = steady_now_ms();
  transfers.loop().wait(0);
  transfers.loop().wait(-5);  // not for ever
  CHECK(steady_now_ms() - begun < 15000);
}

}  // namespace socbridge::http::test
