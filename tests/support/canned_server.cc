// SPDX-License-Identifier: Apache-2.0
#include "support/canned_server.h"

#include <algorithm>

namespace socbridge::test {

CannedServer::CannedServer(std::vector<std::string> answers)
    : answers_(std::move(answers)), server_([this](http::test::Peer& peer) { talk(peer); }) {}

std::vector<std::string> CannedServer::requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

void CannedServer::talk(http::test::Peer& peer) {
  const std::string request = peer.read_request();
  if (request.empty()) return;  // the client has disconnected
  std::string answer;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    answer = answers_[std::min(requests_.size(), answers_.size() - 1)];
    requests_.push_back(request.substr(0, request.find("\r\n")));
  }
  if (answer == kNoAnswer) {
    static_cast<void>(peer.read_request());  // until the client closes
  } else {
    peer.send(answer);
  }
}

std::string http_answer(int status, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

const std::string& created_answer() {
  static const std::string text =
      http_answer(201, R"({"_id":"~4096","_type":"alert","type":"wazuh_alert"})");
  return text;
}

}  // namespace socbridge::test
