// SPDX-License-Identifier: Apache-2.0
#include "health/canary_log.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>

#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

using Possible = CanaryLog::Possible;

// A Wazuh home, with analysisd's socket if it is wanted.
struct Home : socbridge::test::TempDir {
  CanaryLog log(const std::string& nonce = "77") const {
    return CanaryLog(Env::real(), path(), nonce, "9.9.9.9");
  }
  void listen() {
    std::filesystem::create_directories(*this / "queue/sockets");
    analysisd = Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    const std::string file = *this / "queue/sockets/queue";
    file.copy(at.sun_path, sizeof at.sun_path - 1);
    REQUIRE(::bind(analysisd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  }
  std::string received() const {
    std::array<char, 4096> text{};
    const ssize_t size = ::recv(analysisd.get(), text.data(), text.size(), 0);
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "";
  }
  void append(const std::string& text) const {
    std::filesystem::create_directories(*this / "logs/alerts");
    std::ofstream(*this / "logs/alerts/alerts.json", std::ios::app) << text;
  }
  Fd analysisd;
};

// What analysisd makes of the line of a canary.
std::string alert(const std::string& nonce = "77") {
  return R"({"rule":{"id":"100998"},"data":{"socbridge_canary":")" + nonce + "\"}}\n";
}

constexpr const char* kRule =
    R"(<group name="socbridge_canary,"><rule id="100998" level="3"></rule></group>)";

}  // namespace

TEST_CASE("canary log: possible with analysisd's socket and a rule for the line") {
  Home home;
  CHECK(home.log().possible() == Possible::no_socket);
  home.write("queue/sockets/queue", "no socket");
  CHECK(home.log().possible() == Possible::no_socket);
  std::filesystem::remove(home / "queue/sockets/queue");
  home.listen();
  CHECK(home.log().possible() == Possible::no_rule);
  home.write("etc/rules/canary.xml.disabled", kRule);
  home.write("etc/rules/other.xml", R"(<rule id="100998" level="3"></rule>)");
  home.write("etc/rules/more.xml", R"(<group name="socbridge_canary,"></group>)");
  CHECK(home.log().possible() == Possible::no_rule);
  home.write("etc/rules/canary.xml", kRule);
  CHECK(home.log().possible() == Possible::yes);
}

TEST_CASE("canary log: the line has the form of those of Wazuh's own integrations") {
  Home home;
  home.listen();
  const Stage written = home.log().write();
  CHECK(written.ok());
  CHECK(written.detail == "given to " + (home / "queue/sockets/queue"));
  CHECK(home.received() == R"(1:socbridge:{"socbridge_canary":"77","srcip":"9.9.9.9"})");
  CHECK(home.received().empty());
}

TEST_CASE("canary log: analysisd that is gone, does not keep up or cannot be reached") {
  Home home;
  home.listen();
  for (int sent = 0; sent < 100000 && home.log().write().ok(); ++sent) {
  }
  const Stage full = home.log().write();
  CHECK(full.state == State::down);
  CHECK(full.cause == Cause::slow);
  CHECK(full.detail.find("queue is full") != std::string::npos);
  home.analysisd = Fd();
  const Stage gone = home.log().write();
  CHECK(gone.cause == Cause::unreachable);
  CHECK(gone.detail == "analysisd does not accept it: Connection refused");
  const std::string deep = "/tmp/" + std::string(120, 'x');
  const Stage long_path = CanaryLog(Env::real(), deep, "77", "9.9.9.9").write();
  CHECK(long_path.state == State::down);
  CHECK(long_path.cause == Cause::configuration);
}

TEST_CASE("canary log: the alert of the line, once it is in alerts.json") {
  Home home;
  home.listen();
  home.append(alert() + "an older line\n");
  CanaryLog log = home.log();
  REQUIRE(log.write().ok());
  CHECK_FALSE(log.look().value().has_value());  // what was there before is not its own
  home.append("{}\n" + alert("78") + alert().substr(0, 20));
  CHECK_FALSE(log.look().value().has_value());
  home.append(alert().substr(20, 20));
  CHECK_FALSE(log.look().value().has_value());
  home.append(alert().substr(40) + "{}\n");
  CHECK(log.look().value() == alert());
  CHECK_FALSE(log.look().value().has_value());
}

TEST_CASE("canary log: alerts.json of a new day is read from its beginning") {
  Home home;
  home.listen();
  home.append("a long line of the old day, with more bytes than the new file will have\nhalf");
  CanaryLog log = home.log();
  REQUIRE(log.write().ok());
  std::filesystem::rename(home / "logs/alerts/alerts.json", home / "logs/alerts/old.json");
  CHECK_FALSE(log.look().value().has_value());          // not there yet
  home.append(alert() + std::string(500, ' ') + "\n");  // longer than the old one
  CHECK(log.look().value() == alert());
  home.write("logs/alerts/alerts.json", "");  // cut to nothing
  CHECK_FALSE(log.look().value().has_value());
  home.append(alert());
  CHECK(log.look().value() == alert());
}

TEST_CASE("canary log: a very busy manager, and lines that never end") {
  Home home;
  home.listen();
  CanaryLog log = home.log();
  REQUIRE(log.write().ok());
  home.append(std::string(std::size_t{9} << 20, 'x'));
  for (int part = 0; part < 3; ++part) CHECK_FALSE(log.look().value().has_value());
  home.append("\n" + alert());
  CHECK(log.look().value() == alert());
}

TEST_CASE("canary log: an alerts.json that cannot be read is an error") {
  const Home home;
  std::filesystem::create_directories(home / "logs/alerts/alerts.json");
  CHECK_FALSE(home.log().look().ok());
  CHECK(home.log().is_mine(alert()));
  CHECK_FALSE(home.log().is_mine(alert("7")));
  CHECK_FALSE(home.log().is_mine(alert("777")));
}

}  // namespace socbridge::health
