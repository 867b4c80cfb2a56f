// SPDX-License-Identifier: Apache-2.0
// The client's data about templates, types, policies and counts.
#include <catch2/catch.hpp>

#include "opensearch/client.h"
#include "scripted.h"

namespace socbridge::opensearch {
using test::Scripted;

namespace {

using Names = std::vector<std::string>;
const std::string kUnknown = Scripted::answer("400 Bad", "{}");

Deadline soon() { return Deadline::after_ms(5000); }

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : node(std::move(answers)) {}
  Scripted node;
  Client client{node.connection()};
};

}  // namespace

TEST_CASE("patterns of templates, old and new ones") {
  Fixture both(
      {Scripted::fine(R"({"wazuh":{"index_patterns":["wazuh-*","x"]},"odd":5})"),
       Scripted::fine(R"({"index_templates":[{"index_template":{"index_patterns":["new-*"]}},
                                  {"name":"n"},7]})")});
  CHECK(both.client.template_patterns(soon()).value() == Names{"wazuh-*", "x", "new-*"});
  Fixture old({Scripted::fine(R"({"wazuh":{"index_patterns":["wazuh-*"]}})"), kUnknown});
  CHECK(old.client.template_patterns(soon()).value() == Names{"wazuh-*"});
  Fixture none({Scripted::fine("{}")});
  CHECK(none.client.template_patterns(soon())->empty());
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.client.template_patterns(soon()).status().code() == ExitCode::auth);
  Fixture half({Scripted::fine("{}"), Scripted::forbidden()});
  CHECK_FALSE(half.client.template_patterns(soon()).ok());
}

TEST_CASE("fields with several types, and the wanted ones, in order of their names") {
  Fixture fixture({Scripted::fine(R"({"fields":{
    "z":{"keyword":{"indices":["i1","i2"]},"long":{"indices":["i3"]}},
    "b":{"ip":{}}, "a":{"keyword":{}},
    "u":{"keyword":{},"unmapped":{"indices":["i9"]}},
    "odd":7}})")});
  const auto types = fixture.client.field_types("wazuh-*", "data.*", {"b", "odd", "none"}, soon());
  REQUIRE(types.ok());
  REQUIRE(types->size() == 3);
  CHECK((*types)[0].name == "b");
  CHECK((*types)[0].types == std::vector<std::pair<std::string, std::string>>{{"ip", ""}});
  CHECK((*types)[1].name == "odd");
  CHECK((*types)[1].types.empty());
  CHECK((*types)[2].name == "z");
  CHECK((*types)[2].types ==
        std::vector<std::pair<std::string, std::string>>{{"keyword", "i1"}, {"long", "i3"}});
  CHECK(fixture.node.lines()[0] ==
        "GET /wazuh-*/_field_caps?fields=data.*&ignore_unavailable=true");
}

TEST_CASE("an answer that names no fields is not OpenSearch's") {
  for (const char* body : {"{}", "[]", R"({"fields":[]})", R"({"fields":null})"}) {
    Fixture fixture({Scripted::fine(body)});
    CHECK(fixture.client.field_types("x", "*", {}, soon()).status().code() == ExitCode::refused);
  }
}

TEST_CASE("policies of OpenSearch") {
  Fixture fixture({Scripted::fine(R"({
    "a":{"index.plugins.index_state_management.policy_id":"p"},
    "b":{"index.opendistro.index_state_management.policy_id":"p"},
    "c":{"index.plugins.index_state_management.policy_id":null}, "d":{},
    "total_managed_indices":2})")});
  const auto retention = fixture.client.retention("wazuh-*", soon());
  REQUIRE(retention.ok());
  REQUIRE(retention->has_value());
  CHECK((*retention)->managed == 2);
  CHECK((*retention)->unmanaged == Names{"c", "d"});
}

TEST_CASE("policies of Elasticsearch, and of a cluster that has none") {
  Fixture ilm({kUnknown, Scripted::fine(R"({"indices":{"a":{"managed":true},"b":{"managed":false},
                                            "c":{"managed":"true"}}})")});
  const auto retention = ilm.client.retention("wazuh-*", soon());
  REQUIRE(retention.ok());
  CHECK((*retention)->managed == 1);
  CHECK((*retention)->unmanaged == Names{"b", "c"});
  CHECK(ilm.node.lines() ==
        Names{"GET /_plugins/_ism/explain/wazuh-*", "GET /wazuh-*/_ilm/explain"});
  for (const char* unknown : {"400 Bad", "404 Not Found", "405 Not Allowed"}) {
    Fixture none({Scripted::answer(unknown, "{}")});
    const auto empty = none.client.retention("x", soon());
    REQUIRE(empty.ok());
    CHECK_FALSE(empty->has_value());
  }
  Fixture refused({Scripted::forbidden()});
  CHECK_FALSE(refused.client.retention("x", soon()).ok());
  Fixture later({kUnknown, Scripted::answer("500 Error", "{}")});
  CHECK_FALSE(later.client.retention("x", soon()).ok());
}

TEST_CASE("documents of all nodes, since the last start of a node") {
  Fixture fixture({Scripted::fine(R"({"nodes":{
    "a":{"indices":{"indexing":{"doc_status":{"2xx":100,"4xx":3}}},"jvm":{"uptime_in_millis":9000}},
    "b":{"indices":{"indexing":{"doc_status":{"2xx":50,"4xx":-7}}},"jvm":{"uptime_in_millis":4000}},
    "c":{"jvm":{"uptime_in_millis":1}}}})")});
  const auto counts = fixture.client.document_counts(soon());
  REQUIRE(counts.ok());
  REQUIRE(counts->has_value());
  CHECK((*counts)->taken == 150);
  CHECK((*counts)->refused == 3);
  CHECK((*counts)->uptime_ms == 4000);
}

TEST_CASE("a version that does not count documents is reported") {
  for (const char* body : {"{}", R"({"nodes":{}})", R"({"nodes":{"a":{"indices":{}}}})", "[]"}) {
    Fixture fixture({Scripted::fine(body)});
    const auto counts = fixture.client.document_counts(soon());
    REQUIRE(counts.ok());
    CHECK_FALSE(counts->has_value());
  }
}

}  // namespace socbridge::opensearch
