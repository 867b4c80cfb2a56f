// SPDX-License-Identifier: Apache-2.0
#include "health/canary_source.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "support/route_server.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using socbridge::test::RouteServer;

constexpr const char* kKey = "thehive-k3y";
const char* const kPost = "POST /api/v1/alert ";

RouteServer::Routes hive(const std::string& created) {
  return {{"GET /api/v1/status/public", {R"({"version":"5.7.3-1"})"}},
          {"GET /api/v1/user/current",
           {http_answer(401, R"({"type":"AuthenticationError","message":"no"})")}},
          {kPost, {created}}};
}

// A Wazuh home; a manager once it has an ossec.conf.
struct Home : socbridge::test::TempDir {
  Home() {
    REQUIRE(::chmod(path().c_str(), 0755) == 0);
    folder("queue");
  }
  explicit Home(const std::string& config) : Home() { write("etc/w2thive.json", config); }
  void install(const std::string& script, const std::string& more = "", mode_t mode = 0750) const {
    const std::string program = write("integrations/custom-w2thive", "#!/bin/sh\n" + script);
    REQUIRE(::chmod(program.c_str(), mode) == 0);
    write("etc/ossec.conf",
          "<ossec_config><integration><name>slack</name></integration><integration>"
          "<name>custom-w2thive</name><hook_url>http://thehive.example</hook_url><api_key>" +
              std::string(kKey) + "</api_key><alert_format>json</alert_format>" + more +
              "</integration></ossec_config>");
  }
  CanarySource source() const {
    Options options;
    options.wazuh_home = path();
    return CanarySource(Env::real(), options, "9.9.9.9");
  }
};

Stage send(CanarySource& source, const std::string& url = "http://127.0.0.1:1") {
  profile::Endpoint endpoint;
  endpoint.url = url;
  endpoint.key = Secret(kKey);
  http::Client http{http::ClientOptions{}};
  return source.send(endpoint, http, Deadline::after_ms(20000), 3000);
}

Stage sent_to(const std::string& answer, const Home& home = Home()) {
  const RouteServer server(hive(answer));
  CanarySource source = home.source();
  return send(source, server.url());
}

}  // namespace

TEST_CASE("canary source: without a manager the alert is mapped and sent by this process") {
  const Home home;
  const RouteServer server(hive(socbridge::test::created_answer()));
  CanarySource source = home.source();
  CHECK_FALSE(source.is_manager());
  CHECK(source.can_begin_with_log() == CanaryLog::Possible::no_socket);
  CHECK(source.reference().empty());
  const Stage sent = send(source, server.url());
  CHECK(sent.ok());
  CHECK(sent.detail.ends_with(" ms, without a Wazuh manager here"));
  CHECK_FALSE(source.reference().empty());
  const std::string posted = server.requests(kPost).at(0);
  CHECK(posted.find("\"sourceRef\":\"" + source.reference() + "\"") != std::string::npos);
  CHECK(posted.find("\"type\":\"" + source.alert_type() + "\"") != std::string::npos);
  CHECK(posted.find("\"source\":\"" + source.alert_source() + "\"") != std::string::npos);
  CHECK(posted.find("9.9.9.9") != std::string::npos);
  CHECK(posted.find("socbridge_canary") != std::string::npos);
  CHECK_FALSE(home.has("queue/w2thive"));  // nothing is kept for later
}

TEST_CASE("canary source: a TheHive that refuses the alert or its key") {
  const Stage key = sent_to(http_answer(401, R"({"type":"AuthenticationError","message":"no"})"));
  CHECK(key.state == State::down);
  CHECK(key.cause == Cause::auth);
  CHECK(key.detail.find(kKey) == std::string::npos);
  const Stage failed = sent_to(http_answer(503, "{}"));
  CHECK(failed.state == State::down);
  CHECK(failed.cause == Cause::unreachable);
  CHECK(failed.next == "run socctl health thehive");
  CanarySource source = Home().source();
  CHECK(send(source).cause == Cause::unreachable);
}

TEST_CASE("canary source: filters and rules of the configuration hold for the canary too") {
  const Stage filtered = sent_to("{}", Home(R"({"exclude":[{"group":"socbridge_canary"}]})"));
  CHECK(filtered.state == State::down);
  CHECK(filtered.cause == Cause::configuration);
  CHECK(filtered.detail.starts_with("the mapping does not forward it: "));
  const Stage elsewhere =
      sent_to("{}", Home(R"({"destinations":{"acme":{"url":"http://127.0.0.1:1","api_key":"k"}},
                     "rules":[{"match":{"group":"socbridge_canary"},
                               "set":{"destination":"acme"}}]})"));
  CHECK(elsewhere.detail == "the rules do not send it to the destination default");
  CHECK(elsewhere.cause == Cause::configuration);
  // min_level is met by the level of the alert.
  CHECK(sent_to(socbridge::test::created_answer(), Home(R"({"min_level":12})")).ok());
}

TEST_CASE("canary source: on a manager the program is run as integratord runs it") {
  const Home home;
  home.install("printf '%s\\n' \"$@\" > seen; cat \"${2#file:}\" >> seen; cat \"$1\" > alert",
               "<options>{\"min_level\":5}</options><timeout>7</timeout>");
  CanarySource source = home.source();
  REQUIRE(source.is_manager());
  const Stage sent = send(source);
  CHECK(sent.ok());
  CHECK(sent.detail.starts_with("custom-w2thive accepted it in "));
  const std::string seen = home.read("seen");
  const auto words = split(seen, '\n');
  REQUIRE(words.size() == 9);
  CHECK((words[0].starts_with("/tmp/custom-w2thive-") && words[0].ends_with(".alert")));
  CHECK((words[1].starts_with("file:/tmp/") && words[1].ends_with(".key")));
  CHECK(words[2] == "http://thehive.example");
  CHECK(words[4].ends_with(".options"));
  CHECK(words[5] == "7");
  CHECK(words[7] == "> /dev/null 2>&1");
  CHECK(words[8] == kKey);  // in the file alone, not in the process list
  for (const std::string_view file : {words[0], words[1].substr(5), words[4]}) {
    CHECK_FALSE(std::filesystem::exists(file));
  }
  CHECK(source.is_mine(home.read("alert")));
  CHECK_FALSE(home.source().is_mine(home.read("alert")));
}

TEST_CASE("canary source: a program that fails, is not there or may be changed by others") {
  const Home failing;
  failing.install("echo 'no URL'; exit 2");
  CanarySource source = failing.source();
  CHECK(send(source).detail == "custom-w2thive ended with 2: no URL");
  const Home open;
  open.install("exit 0", "", 0777);
  CanarySource untrusted = open.source();
  const Stage refused = send(untrusted);
  CHECK(refused.detail.starts_with("it is not run: "));
  CHECK(refused.cause == Cause::configuration);
  std::filesystem::remove(open / "integrations/custom-w2thive");
  CanarySource gone = open.source();
  CHECK(send(gone).state >= State::unknown);
  open.write("etc/ossec.conf", "<ossec_config></ossec_config>");
  CanarySource none = open.source();
  CHECK(send(none).detail == "no block named custom-w2thive");
  open.write("etc/ossec.conf", "<ossec_config>");
  CanarySource broken = open.source();
  CHECK(send(broken).detail.find("ossec.conf") != std::string::npos);
}

TEST_CASE("canary source: what stops the spool of the manager is named") {
  const Home home;
  CHECK_FALSE(home.source().spool_defect());
  home.install("exit 0");
  CHECK_FALSE(home.source().spool_defect());
  home.write("queue/w2thive", "a file in its place");
  const auto defect = home.source().spool_defect();
  REQUIRE(defect);
  CHECK(defect->detail.find("w2thive") != std::string::npos);
  CHECK_FALSE(defect->next.empty());
}

TEST_CASE("canary source: an alert that analysisd made is left to integratord") {
  const Home home;
  home.install("exit 9");
  std::filesystem::create_directories(home / "queue/sockets");
  const Fd analysisd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  (home / "queue/sockets/queue").copy(at.sun_path, sizeof at.sun_path - 1);
  REQUIRE(::bind(analysisd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  CanarySource source = home.source();
  CHECK(source.can_begin_with_log() == CanaryLog::Possible::no_rule);
  REQUIRE(source.write_log_line().ok());
  std::array<char, 1000> line{};
  REQUIRE(::recv(analysisd.get(), line.data(), line.size(), 0) > 0);
  CHECK_FALSE(source.find_wazuh_alert().value());
  const std::string data = std::string(line.data()).substr(std::string("1:socbridge:").size());
  home.write("logs/alerts/alerts.json",
             R"({"timestamp":"2025-03-14T07:40:01.037+0000","id":"1741938001.9","rule":)"
             R"({"level":3,"id":"100998","description":"d","groups":["socbridge_canary"]},)"
             R"("agent":{"id":"000","name":"m"},"manager":{"name":"m"},"data":)" +
                 data + "}\n");
  const auto found = source.find_wazuh_alert();
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  CHECK((**found).ok());
  CHECK(source.is_integratords());
  CHECK_FALSE(source.reference().empty());
  CHECK(send(source).state == State::skipped);  // the program would have ended with 9
}

}  // namespace socbridge::health
