// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "opensearch/connection.h"
#include "support/raw_server.h"

namespace socbridge::opensearch::test {

// A node that returns the answers one after the other, repeats the last one, and records the
// requests.
class Scripted {
 public:
  explicit Scripted(std::vector<std::string> answers) : answers_(std::move(answers)) {}

  static std::string answer(const char* status, const std::string& body) {
    return http::test::answer(status, body, "Content-Type: application/json\r\n");
  }
  // As the security plugin refuses.
  static std::string forbidden() {
    return answer(
        "403 Forbidden",
        R"({"error":{"type":"security_exception","reason":"no permissions"},"status":403})");
  }
  static std::string fine(const std::string& body) { return answer("200 OK", body); }

  Connection connection() {
    ConnectionOptions options;
    options.urls = {"http://" + server_.host_port()};
    return {http_, std::move(options)};
  }
  // Complete requests: head and body.
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // First line of each, "METHOD PATH".
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const std::string& request : requests()) {
      out.push_back(request.substr(0, request.find(" HTTP/")));
    }
    return out;
  }

 private:
  std::vector<std::string> answers_;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  http::Client http_{http::ClientOptions{}};
  http::test::RawServer server_{[this](http::test::Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) {
      std::size_t number = 0;
      {
        const std::lock_guard lock(mutex_);
        number = requests_.size();
        requests_.push_back(request);
      }
      peer.send(answers_[std::min(number, answers_.size() - 1)]);
    }
  }};
};

}  // namespace socbridge::opensearch::test
