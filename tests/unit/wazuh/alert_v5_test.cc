// SPDX-License-Identifier: Apache-2.0
#include "test_support.h"

using namespace socbridge::wazuh;
using socbridge::wazuh::test::parsed;

namespace {

constexpr const char* kFinding = R"({"@timestamp":"2026-07-06T12:17:22Z",
 "event":{"original":"raw log","id":"EXAMPLE"},"source":{"ip":"198.51.100.4"},
 "wazuh":{"agent":{"id":"002","name":"web-2","host":{"ip":["192.0.2.2","2001:db8::2"]}},
  "cluster":{"name":"soc","node":"n1"},"protocol":{"location":"/var/log/app.log"},
  "integration":{"name":"aws","category":"Cloud Services","decoders":["aws-cloudtrail"]},
  "rule":{"id":"sec-004","title":"Key uploaded","level":"High","tags":["persistence","aws"],
   "mitre":{"tactic":{"id":["TA0003"],"name":["Persistence"]},
    "technique":{"id":["T1098","TA0003"],"name":["Account Manipulation"]},
    "subtechnique":{"id":["T1098.001"],"name":["Additional Cloud Credentials"]}}}}})";

int level_of(const std::string& word) {
  return parsed(R"({"wazuh":{"rule":{"level":")" + word + R"("}}})").level;
}

}  // namespace

TEST_CASE("alert v5: v5: every field of a finding") {
  const Alert a = parsed(kFinding);
  CHECK(a.is_v5);
  CHECK(a.id.empty());
  CHECK(a.timestamp == "2026-07-06T12:17:22Z");
  CHECK(a.time_ms == 1783340242000);
  CHECK(a.level == 12);
  CHECK(a.level_word == "high");
  CHECK(a.rule_id == "sec-004");
  CHECK(a.description == "Key uploaded");
  CHECK(a.groups == std::vector<std::string>{"persistence", "aws", "Cloud Services"});
  CHECK(a.mitre_ids == std::vector<std::string>{"T1098", "T1098.001"});
  CHECK(a.mitre_tactics == std::vector<std::string>{"Persistence"});
  CHECK(a.mitre_techniques ==
        std::vector<std::string>{"Account Manipulation", "Additional Cloud Credentials"});
  CHECK(a.agent_id == "002");
  CHECK(a.agent_name == "web-2");
  CHECK(a.agent_ip == "192.0.2.2");
  CHECK(a.cluster == "soc");
  CHECK(a.cluster_node == "n1");
  CHECK(a.location == "/var/log/app.log");
  CHECK(a.decoder == "aws-cloudtrail");
  CHECK(a.full_log == "raw log");
}

TEST_CASE("v5: words of the level become the middle of their bands") {
  CHECK(level_of("informational") == 2);
  CHECK(level_of("low") == 5);
  CHECK(level_of("medium") == 8);
  CHECK(level_of("high") == 12);
  CHECK(level_of("CRITICAL") == 15);
  CHECK(level_of("unheard-of") == 0);
  CHECK(parsed(R"({"wazuh":{"rule":{"level":13}}})").level == 13);
}

TEST_CASE("v5: in the indexer's wrapper, with one address instead of a list") {
  const Alert a = parsed(R"({"_index":".ds-findings","_id":"x1","_source":
    {"wazuh":{"rule":{"level":"low"},"agent":{"host":{"ip":"192.0.2.9"}}}}})");
  CHECK(a.is_v5);
  CHECK(a.agent_ip == "192.0.2.9");
  CHECK(a.indexer_id == "x1");
}

TEST_CASE("v5: a 4.x alert with a member wazuh stays a 4.x alert") {
  const Alert a =
      parsed(R"({"rule":{"level":9,"id":"1"},"wazuh":{"rule":{"level":"low","id":"2"}}})");
  CHECK_FALSE(a.is_v5);
  CHECK(a.level == 9);
  CHECK(a.rule_id == "1");
}
