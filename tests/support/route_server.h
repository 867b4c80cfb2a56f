// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/canned_server.h"
#include "support/raw_server.h"

namespace socbridge::test {

// Answers a request by the beginning of its first line, "GET /api/x"; of several that fit the
// longest counts. A route has its answers one after the other, then the last one again: a whole
// answer (http_answer()), after which the connection is closed, CannedServer::kNoAnswer, or the
// JSON of a 200. What has no route is 404.
class RouteServer {
 public:
  using Routes = std::map<std::string, std::vector<std::string>>;
  explicit RouteServer(Routes routes) : routes_(std::move(routes)) {}

  std::string url() const { return "http://" + server_.host_port(); }
  // Whole requests whose first line begins so, in their order.
  std::vector<std::string> requests(std::string_view start = {}) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const std::string& one : requests_) {
      if (one.starts_with(start)) out.push_back(one);
    }
    return out;
  }
  std::size_t count(std::string_view start) const { return requests(start).size(); }

 private:
  // The route's next text, as it was given.
  std::string next_for(const std::string& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    std::string best;
    for (const auto& [start, answers] : routes_) {
      if (request.starts_with(start) && start.size() >= best.size()) best = start;
    }
    if (best.empty()) return http_answer(404, R"({"type":"NotFoundError","message":"not found"})");
    const std::vector<std::string>& answers = routes_.at(best);
    return answers[std::min(asked_[best]++, answers.size() - 1)];
  }
  void talk(http::test::Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) {
      const std::string answer = next_for(request);
      if (answer == CannedServer::kNoAnswer) continue;  // until the client closes
      const bool whole = answer.starts_with("HTTP/");
      peer.send(whole ? answer
                      : http::test::answer("200 OK", answer, "Content-Type: application/json\r\n"));
      if (whole) return;
    }
  }

  Routes routes_;
  std::map<std::string, std::size_t> asked_;
  std::vector<std::string> requests_;
  mutable std::mutex mutex_;
  // Last: its threads use the others.
  http::test::RawServer server_{[this](http::test::Peer& peer) { talk(peer); },
                                http::test::RawServer::Serving::at_once};
};

}  // namespace socbridge::test
