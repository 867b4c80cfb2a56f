// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "test_support.h"

using namespace socbridge;
using namespace socbridge::wazuh;
using socbridge::wazuh::test::parsed;

namespace {

constexpr const char* kFull = R"({"timestamp":"2025-03-14T07:40:01.037+0100",
 "rule":{"level":10,"description":"sshd: brute force","id":"5712","firedtimes":2,"mail":false,
  "groups":["syslog","sshd","authentication_failures"],
  "mitre":{"id":["T1110","T1110.001","T1110","CAPEC-1","t1110","T11100"],
   "tactic":["Credential Access","Lateral Movement"],"technique":["Brute Force, simple"]}},
 "agent":{"id":"001","name":"web-1","ip":"192.0.2.7"},"manager":{"name":"wazuh-a"},
 "id":"1741938001.1201","cluster":{"name":"wazuh","node":"node01"},"full_log":"log","previous_output":"a\nb",
 "decoder":{"name":"sshd"},"data":{"srcip":"198.51.100.9"},"location":"/var/log/auth.log"})";

}  // namespace

TEST_CASE("alert: every field of a complete one") {
  const Alert a = parsed(kFull);
  CHECK(a.id == "1741938001.1201");
  CHECK(a.timestamp == "2025-03-14T07:40:01.037+0100");
  CHECK(a.time_ms == 1741934401037);
  CHECK(a.level == 10);
  CHECK(a.level_word.empty());
  CHECK(a.rule_id == "5712");
  CHECK(a.description == "sshd: brute force");
  CHECK(a.groups == std::vector<std::string>{"syslog", "sshd", "authentication_failures"});
  CHECK(a.mitre_ids == std::vector<std::string>{"T1110", "T1110.001"});
  CHECK(a.mitre_tactics == std::vector<std::string>{"Credential Access", "Lateral Movement"});
  CHECK(a.mitre_techniques == std::vector<std::string>{"Brute Force, simple"});
  CHECK(a.agent_id == "001");
  CHECK(a.agent_name == "web-1");
  CHECK(a.agent_ip == "192.0.2.7");
  CHECK(a.manager == "wazuh-a");
  CHECK(a.cluster == "wazuh");
  CHECK(a.cluster_node == "node01");
  CHECK(a.location == "/var/log/auth.log");
  CHECK(a.decoder == "sshd");
  CHECK(a.full_log == "log");
  CHECK(a.previous_output == "a\nb");
  CHECK_FALSE(a.is_v5);
  CHECK(a.root()["data"]["srcip"].string() == "198.51.100.9");
}

TEST_CASE("alert: an empty object is an alert of level 0") {
  const Alert a = parsed("{}");
  CHECK(a.level == 0);
  CHECK(a.rule_id.empty());
  CHECK(a.groups.empty());
  CHECK_FALSE(a.time_ms.has_value());
  CHECK_FALSE(a.is_v5);
}

TEST_CASE("alert: level and rule id in other types") {
  CHECK(parsed(R"({"rule":{"level":"12"}})").level == 12);
  CHECK(parsed(R"({"rule":{"level":7.0}})").level == 7);
  CHECK(parsed(R"({"rule":{"level":-3}})").level == 0);
  CHECK(parsed(R"({"rule":{"level":99}})").level == 16);
  CHECK(parsed(R"({"rule":{"level":[15]}})").level == 0);
  CHECK(parsed(R"({"rule":{"id":5710}})").rule_id == "5710");
  CHECK(parsed(R"({"rule":"x"})").level == 0);
}

TEST_CASE("alert: the first of duplicates is used, so nothing can be injected after it") {
  const Alert a = parsed(
      R"({"rule":{"level":7,"id":"510","groups":["ossec"],"level":["15"],"id":["999"],"groups":["x"]},)"
      R"("rule":{"level":15},"id":"1.2","id":"3.4"})");
  CHECK(a.level == 7);
  CHECK(a.rule_id == "510");
  CHECK(a.groups == std::vector<std::string>{"ossec"});
  CHECK(a.id == "1.2");
}

TEST_CASE("alert: groups as text, with repeats and odd members") {
  CHECK(parsed(R"({"rule":{"groups":"syslog, sshd,,syslog"}})").groups ==
        std::vector<std::string>{"syslog", "sshd"});
  CHECK(parsed(R"({"rule":{"groups":["a",null,{"b":1},7,"a"]}})").groups ==
        std::vector<std::string>{"a", "7"});
}

TEST_CASE("alert: agentless alerts have no agent") {
  const Alert a = parsed(R"({"rule":{"level":7},"agentless":{"script":"ssh_integrity_check_linux",
    "user":"root","host":"192.0.2.44"}})");
  CHECK(a.agent_id.empty());
  CHECK(a.agentless_host == "192.0.2.44");
  CHECK(a.agentless_script == "ssh_integrity_check_linux");
}

TEST_CASE("alert: an alert inside an alert stays inside") {
  const Alert a =
      parsed(R"({"data":{"parameters":{"alert":{"id":"9.9","rule":{"level":"15","id":"1"},
    "agent":{"id":"007"},"_source":{"id":"8.8"}}}},"rule":{"level":3,"id":"651"},"id":"1.1"})");
  CHECK(a.level == 3);
  CHECK(a.rule_id == "651");
  CHECK(a.id == "1.1");
  CHECK(a.agent_id.empty());
  const Alert only_inside = parsed(R"({"data":{"rule":{"level":15},"id":"7.7"}})");
  CHECK(only_inside.level == 0);
  CHECK(only_inside.id.empty());
}

TEST_CASE("alert: the indexer's wrapper is taken off") {
  const Alert a = parsed(R"({"_index":"wazuh-alerts-4.x-2025.03.14","_id":"AbC_1","_score":null,
    "_source":{"rule":{"level":9},"id":"1.2","@timestamp":"2025-03-14T06:40:01.037Z"}})");
  CHECK(a.level == 9);
  CHECK(a.indexer_index == "wazuh-alerts-4.x-2025.03.14");
  CHECK(a.indexer_id == "AbC_1");
  CHECK(a.root()["rule"].is_object());
  CHECK(a.time_ms == 1741934401037);
}

TEST_CASE("alert: bad UTF-8, half surrogates and control characters") {
  const Alert a = parsed(
      "{\"full_log\":\"caf\xE9\",\"location\":\"\\ud800x\",\"rule\":{\"description\":\"a\tb\"}}");
  CHECK(a.full_log == "caf\xEF\xBF\xBD");
  CHECK(a.location == "\xEF\xBF\xBDx");
  CHECK(a.description == "a\tb");
  CHECK(parsed("\xEF\xBB\xBF{\"id\":\"1.2\"}\n").id == "1.2");
}

TEST_CASE("alert: other data is bad input with one line and a hint") {
  const auto line = [](std::string_view bytes) {
    const auto alert = Alert::parse(bytes);
    REQUIRE_FALSE(alert.ok());
    CHECK(alert.status().code() == ExitCode::bad_input);
    CHECK(alert.status().line().find('\n') == std::string::npos);
    CHECK_FALSE(alert.status().hint().empty());
    return alert.status().line();
  };
  CHECK(line("").find("empty") != std::string::npos);
  CHECK(line("alertdate='x'\nruleid='5710'\n").find("<alert_format>json</alert_format>") !=
        std::string::npos);
  CHECK(line("[1,2]").find("object") != std::string::npos);
  line("hello");
  line("{\"a\":");
  line("{} {}");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "{\"a\":";
  line(deep);
  CHECK(line("{\"\x1b[31mSECRET\": }").find("SECRET") == std::string::npos);
}

TEST_CASE("alert: outlives the bytes and moves") {
  auto bytes = std::make_unique<std::string>(kFull);
  Alert a = parsed(*bytes);
  bytes.reset();
  const Alert b = std::move(a);
  CHECK(b.root()["manager"]["name"].string() == "wazuh-a");
  CHECK(b.id == "1741938001.1201");
}
