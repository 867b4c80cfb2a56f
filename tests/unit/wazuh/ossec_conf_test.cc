// SPDX-License-Identifier: Apache-2.0
#include "wazuh/ossec_conf.h"

#include "test_support.h"

using namespace socbridge;
using namespace socbridge::wazuh;
using socbridge::wazuh::test::TempDir;

namespace {

Result<std::vector<IntegrationBlock>> read(std::string_view text) {
  TempDir dir;
  return read_integrations(Env::real(), dir.write("ossec.conf", text));
}

}  // namespace

TEST_CASE("ossec.conf: a complete block") {
  const auto blocks = read(R"(<ossec_config>
  <global><jsonout_output>yes</jsonout_output></global>
  <integration>
    <name>custom-w2thive</name>
    <hook_url>https://thehive.example:9000</hook_url>
    <api_key>SECRET</api_key>
    <level>7</level>
    <group>sshd,web</group>
    <rule_id>5710, 5712</rule_id>
    <event_location>^agent</event_location>
    <alert_format>json</alert_format>
    <options>{"spool_dir": "/var/lib/w2thive"}</options>
    <timeout>20</timeout>
    <retries>0</retries>
  </integration>
</ossec_config>
)");
  REQUIRE(blocks.ok());
  REQUIRE(blocks->size() == 1);
  const IntegrationBlock& b = blocks->front();
  CHECK(b.name == "custom-w2thive");
  CHECK(b.hook_url == "https://thehive.example:9000");
  CHECK(b.api_key.reveal() == "SECRET");
  CHECK(b.level == "7");
  CHECK(b.group == "sshd,web");
  CHECK(b.rule_id == "5710, 5712");
  CHECK(b.event_location == "^agent");
  CHECK(b.alert_format == "json");
  CHECK(b.options == R"({"spool_dir": "/var/lib/w2thive"})");
  CHECK(b.timeout_s == 20);
  CHECK(b.retries == 0);
}

TEST_CASE("ossec.conf: several roots, several blocks, comments, in file order") {
  const auto blocks = read(R"(<!-- Wazuh - Manager -- more -->
<ossec_config>
  <!-- <integration><name>custom-off</name></integration> -->
  <integration><name>slack</name></integration>
  <integration><name>custom-w2thive</name><level>7</level></integration>
</ossec_config>

<ossec_config>
  <localfile><location>/var/log/a</location></localfile>
  <integration><name>custom-w2thive</name><level>12</level></integration>
</ossec_config>
)");
  REQUIRE(blocks.ok());
  REQUIRE(blocks->size() == 3);
  CHECK((*blocks)[0].name == "slack");
  CHECK((*blocks)[1].level == "7");
  CHECK((*blocks)[2].level == "12");
  CHECK((*blocks)[2].timeout_s == 10);
  CHECK((*blocks)[2].retries == 3);
  CHECK((*blocks)[2].api_key.empty());
}

TEST_CASE("ossec.conf: as integratord sees it, neither decoded nor trimmed") {
  const auto blocks = read(
      "<ossec_config><integration><name>custom-a</name><hook_url>http://192.0.2.1/?a=1&amp;b=2 & "
      "c</hook_url>"
      "<api_key> K </api_key></integration></ossec_config>");
  REQUIRE(blocks.ok());
  REQUIRE(blocks->size() == 1);
  CHECK(blocks->front().hook_url == "http://192.0.2.1/?a=1&amp;b=2 & c");
  CHECK(blocks->front().api_key.reveal() == " K ");
}

TEST_CASE("ossec.conf: no block is not an error") {
  for (const char* text :
       {"<ossec_config></ossec_config>", "<ossec_config>\n</ossec_config>\n<ossec_config/>"}) {
    const auto blocks = read(text);
    REQUIRE(blocks.ok());
    CHECK(blocks->empty());
  }
  const auto elsewhere =
      read("<agent_config><integration><name>custom-a</name></integration></agent_config>");
  REQUIRE(elsewhere.ok());
  CHECK(elsewhere->empty());
}

TEST_CASE("ossec.conf: an invalid file reports its line and no content") {
  const auto blocks =
      read("<ossec_config>\n<integration>\n<api_key>SECRET</api_key>\n</wrong>\n</ossec_config>\n");
  REQUIRE_FALSE(blocks.ok());
  const std::string line = blocks.status().line();
  CHECK(line.find("ossec.conf:4:") != std::string::npos);
  CHECK(line.find("SECRET") == std::string::npos);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(blocks.status().code() == ExitCode::usage);
}

TEST_CASE("ossec.conf: unreadable") {
  TempDir dir;
  CHECK_FALSE(read_integrations(Env::real(), dir.path() + "/none").ok());
  CHECK_FALSE(read_integrations(Env::real(), dir.path()).ok());
}

TEST_CASE("ossec.conf: the indexer block, the last of several roots") {
  TempDir dir;
  const auto path = dir.write("ossec.conf", R"(<ossec_config>
  <indexer><enabled>no</enabled></indexer>
</ossec_config>
<ossec_config>
  <indexer>
    <enabled>yes</enabled>
    <hosts><host>https://a:9200</host><host> https://b:9200 </host></hosts>
    <ssl>
      <certificate_authorities><ca>etc/ca.pem</ca></certificate_authorities>
      <certificate>/etc/filebeat/certs/node.pem</certificate>
      <key>/etc/filebeat/certs/node.key</key>
    </ssl>
  </indexer>
</ossec_config>)");
  const auto block = read_indexer(Env::real(), path);
  REQUIRE(block.ok());
  CHECK(block->present);
  CHECK(block->enabled);
  CHECK(block->hosts == std::vector<std::string>{"https://a:9200", "https://b:9200"});
  CHECK(block->ca_files == std::vector<std::string>{"etc/ca.pem"});
  CHECK(block->certificate == "/etc/filebeat/certs/node.pem");
  CHECK(block->key == "/etc/filebeat/certs/node.key");
}

TEST_CASE("ossec.conf: no indexer block") {
  TempDir dir;
  const auto none = read_indexer(Env::real(), dir.write("ossec.conf", "<ossec_config/>"));
  REQUIRE(none.ok());
  CHECK_FALSE(none->present);
  CHECK_FALSE(read_indexer(Env::real(), dir.write("bad.conf", "<ossec_config><x></y>")).ok());
}
