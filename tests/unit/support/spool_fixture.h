// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace socbridge::test {

// A folder of its own, gone at the end.
class TempDir {
 public:
  TempDir() {
    char name[] = "/tmp/socbridge-test-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const {
    const std::string file = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path_ + "/" + name, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  // Number of `.alert` files in a state of the spool.
  int entries(const std::string& state) const {
    const std::string dir = path_ + "/queue/w2thive/" + state;
    int count = 0;
    if (!std::filesystem::exists(dir)) return 0;
    for (const auto& file : std::filesystem::directory_iterator(dir)) {
      if (file.path().extension() == ".alert") ++count;
    }
    return count;
  }

 private:
  std::string path_;
};

// Answers the n-th connection with the n-th canned answer (the last one for all that follow).
class CannedServer {
 public:
  explicit CannedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;
  ~CannedServer() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // First lines of the requests so far.
  std::vector<std::string> requests() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }

 private:
  static bool readable(int fd) {
    pollfd p{fd, POLLIN, 0};
    return ::poll(&p, 1, 20) > 0;
  }
  void serve() {
    while (!stop_) {
      if (!readable(listener_)) continue;
      const int peer = ::accept(listener_, nullptr, nullptr);
      talk(peer);
      ::close(peer);
    }
  }
  void talk(int peer) {
    std::string request;
    char buffer[65536];
    while (!stop_) {
      if (!readable(peer)) continue;
      const ssize_t n = ::recv(peer, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      request.append(buffer, static_cast<std::size_t>(n));
      const std::size_t head = request.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const std::size_t length = request.find("Content-Length: ");
      const std::size_t body =
          length < head ? std::stoul(request.substr(length + 16)) : std::size_t{0};
      if (request.size() >= head + 4 + body) break;
    }
    std::string answer;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      answer = answers_[std::min(requests_.size(), answers_.size() - 1)];
      requests_.push_back(request.substr(0, request.find("\r\n")));
    }
    static_cast<void>(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL));
  }

  std::vector<std::string> answers_;
  std::vector<std::string> requests_;
  mutable std::mutex mutex_;
  std::atomic<bool> stop_ = false;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

inline std::string http_answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}
inline const std::string& created_answer() {
  static const std::string text =
      http_answer(201, R"({"_id":"~4096","_type":"alert","type":"wazuh_alert"})");
  return text;
}

// An alert of the given level; everything else is always the same.
inline std::string sample_alert(int level = 10) {
  return R"({"timestamp":"2025-03-14T07:40:01.037+0000","rule":{"level":)" + std::to_string(level) +
         R"(,"description":"sshd: brute force","id":"5763","groups":["syslog","sshd"]},)"
         R"("agent":{"id":"003","name":"web-01","ip":"192.0.2.7"},"manager":{"name":"wazuh-01"},)"
         R"("id":"1741938001.1201","full_log":"Failed password","decoder":{"name":"sshd"},)"
         R"("data":{"srcip":"203.0.113.9","srcuser":"root"},"location":"/var/log/auth.log"})"
         "\n";
}

}  // namespace socbridge::test
