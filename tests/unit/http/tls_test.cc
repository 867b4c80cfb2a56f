// SPDX-License-Identifier: Apache-2.0
// TLS against `openssl s_server` with certificates created for the test.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "base/time.h"
#include "http/client.h"
#include "http/multi_client.h"
#include "support/raw_server.h"
#include "support/temp_dir.h"

namespace socbridge::http::test {
namespace {

namespace fs = std::filesystem;

// A folder with two CAs and server certificates for localhost (good, expired) and for another name.
class Certificates {
 public:
  Certificates() {
    make_ca("ca");
    make_ca("other-ca");
    make_server("good", "DNS:localhost,IP:127.0.0.1", "-days 2");
    make_server("name", "DNS:elsewhere.example", "-days 2");
    make_server("expired", "DNS:localhost,IP:127.0.0.1", "-days -1");
    fs::create_directory(dir_.path() + "/hashed");
    fs::copy(dir_.path() + "/ca.pem", dir_.path() + "/hashed/ca.pem");
    run("openssl rehash hashed");
  }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  std::string path(const std::string& name) const { return dir_.path() + "/" + name; }
  static const Certificates& get() {
    static const Certificates made;
    return made;
  }

 private:
  void run(const std::string& command) const {
    REQUIRE(std::system(("cd " + dir_.path() + " && " + command + " >/dev/null 2>&1").c_str()) ==
            0);
  }
  void make_ca(const std::string& name) const {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
        "'/CN=Test " +
        name + "' -keyout " + name + ".key -out " + name + ".pem");
  }
  void make_server(const std::string& name, const std::string& names,
                   const std::string& days) const {
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout " +
        name + ".key -out " + name + ".csr");
    std::ofstream(path(name + ".ext")) << "subjectAltName=" << names << "\n";
    run("openssl x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial " + days +
        " -extfile " + name + ".ext -out " + name + ".pem");
  }
  socbridge::test::TempDir dir_;
};

// openssl s_server on a loopback port; answers every GET with a status page.
class TlsServer {
 public:
  explicit TlsServer(const std::string& certificate, std::vector<std::string> more = {})
      : port_(closed_port()) {
    const Certificates& files = Certificates::get();
    std::vector<std::string> words = {"openssl", "s_server",
                                      "-www",    "-quiet",
                                      "-accept", "127.0.0.1:" + std::to_string(port_),
                                      "-cert",   files.path(certificate + ".pem"),
                                      "-key",    files.path(certificate + ".key")};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files_of_child;
    posix_spawn_file_actions_init(&files_of_child);
    for (const int fd : {0, 1, 2}) {
      posix_spawn_file_actions_addopen(&files_of_child, fd, "/dev/null", O_RDWR, 0);
    }
    REQUIRE(posix_spawnp(&pid_, "openssl", &files_of_child, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&files_of_child);
    wait_until_it_listens();
  }
  ~TlsServer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  std::string url() const { return "https://localhost:" + std::to_string(port_) + "/"; }

 private:
  void wait_until_it_listens() const {
    Client client(ClientOptions{});
    Request request;
    request.url = "http://127.0.0.1:" + std::to_string(port_) + "/";
    request.timeout_ms = 500;
    for (int i = 0; i < 200 && client.perform(request).failure == FailureKind::connect; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  std::uint16_t port_;
  pid_t pid_ = -1;
};

ClientOptions with_ca(const std::string& file, const std::string& dir = {}) {
  ClientOptions options;
  if (!file.empty()) options.tls.ca_file = Certificates::get().path(file);
  if (!dir.empty()) options.tls.ca_dir = Certificates::get().path(dir);
  return options;
}

Outcome ask(const std::string& url, ClientOptions options) {
  Client client(std::move(options));
  Request request;
  request.url = url;
  request.bearer = Secret("TOPSECRETKEY0123");
  request.timeout_ms = 5000;
  Outcome outcome = client.perform(request);
  CHECK(outcome.error.find("TOPSECRET") == std::string::npos);
  CHECK(outcome.error.find('\n') == std::string::npos);
  return outcome;
}

void check_tls_failure(const Outcome& outcome, const std::string& words) {
  INFO(outcome.error);
  CHECK(outcome.failure == FailureKind::tls);
  CHECK_FALSE(outcome.ambiguous());
  CHECK(outcome.error.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("the right CA is accepted, as file and as hashed folder") {
  const TlsServer server("good");
  for (const ClientOptions& options : {with_ca("ca.pem"), with_ca({}, "hashed")}) {
    const Outcome outcome = ask(server.url(), options);
    INFO(outcome.error);
    CHECK(outcome.answered());
    CHECK(outcome.response.status == 200);
  }
}

TEST_CASE("another CA, also the system's, is refused") {
  const TlsServer server("good");
  check_tls_failure(ask(server.url(), with_ca("other-ca.pem")), "certificate");
  check_tls_failure(ask(server.url(), with_ca("other-ca.pem")), "other-ca.pem");
  CHECK(ask(server.url(), ClientOptions{}).failure == FailureKind::tls);
}

TEST_CASE("a certificate for another host is refused") {
  const TlsServer server("name");
  check_tls_failure(ask(server.url(), with_ca("ca.pem")), "localhost");
}

TEST_CASE("tls: an expired certificate is refused") {
  const TlsServer server("expired");
  check_tls_failure(ask(server.url(), with_ca("ca.pem")), "expired");
}

TEST_CASE("TLS 1.1 is refused") {
  const TlsServer server("good", {"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"});
  CHECK(ask(server.url(), with_ca("ca.pem")).failure == FailureKind::tls);
}

TEST_CASE("a port that speaks no TLS") {
  const RawServer server([](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_ms(300);
  });
  check_tls_failure(ask("https://" + server.host_port(), with_ca("ca.pem")), "http://");
}

TEST_CASE("a handshake that never ends is not sent, and ends in time") {
  const RawServer server([](Peer& peer) { peer.wait_ms(5000); });
  Client client(with_ca("ca.pem"));
  Request request;
  request.url = "https://" + server.host_port() + "/";
  request.timeout_ms = 200;
  const std::int64_t start = steady_now_ms();
  const Outcome outcome = client.perform(request);
  CHECK(outcome.failure == FailureKind::tls);
  CHECK(steady_now_ms() - start < 400);
}

TEST_CASE("tls: an unreadable CA file is reported") {
  const std::string url = "https://127.0.0.1:1/";
  check_tls_failure(ask(url, with_ca("no-such.pem")), "no-such.pem");
  check_tls_failure(ask(url, with_ca("hashed")), "hashed");      // a folder
  check_tls_failure(ask(url, with_ca({}, "ca.pem")), "ca.pem");  // a file
}

TEST_CASE("a CA file without certificates fails as TLS") {
  const TlsServer server("good");
  const Outcome outcome = ask(server.url(), with_ca("good.csr"));
  INFO(outcome.error);
  CHECK(outcome.failure == FailureKind::tls);
}

TEST_CASE("several requests at once, each checked by the options it came with") {
  const TlsServer server("good");
  auto client = MultiClient::make(4);
  REQUIRE(client.ok());
  const auto right = MultiClient::share(with_ca("ca.pem"));
  const auto wrong = MultiClient::share(with_ca("other-ca.pem"));
  std::map<MultiClient::Ticket, bool> fine;
  for (int i = 0; i < 12; ++i) {
    Request request;
    request.url = server.url();
    request.timeout_ms = 9000;
    const bool good = i % 3 != 2;
    fine[client->start(request, good ? right : wrong)] = good;
  }
  const Deadline deadline = Deadline::after_ms(10000);
  while (client->in_flight() > 0 && !deadline.passed()) {
    for (const MultiClient::Done& done : client->wait(100)) {
      INFO(done.outcome.error);
      CHECK(done.outcome.answered() == fine.at(done.ticket));
      if (!fine.at(done.ticket)) check_tls_failure(done.outcome, "other-ca.pem");
      fine.erase(done.ticket);
    }
  }
  CHECK(fine.empty());
}

}  // namespace socbridge::http::test
