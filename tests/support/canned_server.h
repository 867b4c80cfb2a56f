// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "support/raw_server.h"

namespace socbridge::test {

// Answers the n-th request with the n-th of these answers, the last one for all that follow.
class CannedServer {
 public:
  explicit CannedServer(std::vector<std::string> answers);
  std::string url() const { return "http://" + server_.host_port(); }
  // As an answer: none, until the client times out.
  static constexpr const char* kNoAnswer = "no answer";
  // First lines of the requests so far.
  std::vector<std::string> requests() const;

 private:
  void talk(http::test::Peer& peer);

  std::vector<std::string> answers_;
  std::vector<std::string> requests_;
  mutable std::mutex mutex_;
  http::test::RawServer server_;  // last: its threads use the others
};

// A complete JSON answer that closes the connection.
std::string http_answer(int status, std::string_view body);
// TheHive 5's answer after creating an alert.
const std::string& created_answer();

}  // namespace socbridge::test
