// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"
#include "support/canned_server.h"
#include "support/raw_server.h"

namespace socbridge::test {

// What a GraphQL client sent: the name of the operation ("SocctlContext") and its variables as
// JSON.
struct GraphqlRequest {
  std::string operation, variables;
};

// An OpenCTI whose answers the test decides: the JSON body, or a whole HTTP answer.
class GraphqlServer {
 public:
  using Reply = std::function<std::string(const GraphqlRequest&)>;
  explicit GraphqlServer(Reply reply)
      : reply_(std::move(reply)), server_([this](http::test::Peer& peer) { talk(peer); }) {}

  std::string url() const { return "http://" + server_.host_port(); }
  // Variables of the requests with that operation so far; with an empty name of all.
  std::vector<std::string> asked(std::string_view operation = {}) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const GraphqlRequest& one : requests_) {
      if (operation.empty() || one.operation == operation) out.push_back(one.variables);
    }
    return out;
  }

 private:
  static std::string operation_of(std::string_view document) {
    constexpr std::string_view kPrefix = "Socctl";
    const std::size_t at = document.find(" Socctl");
    if (at == std::string_view::npos) return {};
    const std::size_t end = document.find_first_of("( {", at + 1 + kPrefix.size());
    return std::string(document.substr(at + 1, end - at - 1));
  }

  void talk(http::test::Peer& peer) {
    const std::string request = peer.read_request();
    const std::size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos) return;  // the client is gone
    const auto body = json::Document::parse(std::string_view(request).substr(head + 4));
    if (!body.ok()) return;
    const GraphqlRequest asked{operation_of(body->root()["query"].string_or_empty()),
                               body->root()["variables"].dump()};
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(asked);
    }
    const std::string answer = reply_(asked);
    peer.send(answer.starts_with("HTTP/") ? answer : http_answer(200, answer));
  }

  Reply reply_;
  std::vector<GraphqlRequest> requests_;
  mutable std::mutex mutex_;
  http::test::RawServer server_;  // last: its threads use the others
};

// {"errors":[…]} with one error of that code.
inline std::string graphql_error(std::string_view code, std::string_view message = "words") {
  return R"({"errors":[{"message":")" + std::string(message) + R"(","extensions":{"code":")" +
         std::string(code) + R"("}}],"data":null})";
}

}  // namespace socbridge::test
