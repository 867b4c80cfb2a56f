// SPDX-License-Identifier: Apache-2.0
// Context from a sandbox with a knowledge graph, and the requests for it.
#include "opencti/context.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "platform_fixture.h"

namespace socbridge::opencti {
namespace {

using Fixture = PlatformFixture;

std::vector<std::string> names(const Context& context) {
  std::vector<std::string> out;
  for (const Link& link : context.links) {
    out.push_back(link.kind + " " + link.threat.name +
                  (link.via.empty() ? "" : " via " + link.via));
  }
  return out;
}

}  // namespace

TEST_CASE("context: an address with all its details") {
  Fixture w;
  const auto found = w.ask({"198.51.100[.]7"});
  REQUIRE(found.ok());
  REQUIRE(found->contexts.size() == 1);
  const Context& context = found->contexts[0];
  REQUIRE(context.observables.size() == 1);
  CHECK(context.observables[0].score == 85);
  CHECK(context.observables[0].markings == std::vector<std::string>{"TLP:GREEN"});
  REQUIRE(context.indicators.size() == 1);
  CHECK(std::string(context.indicators[0].state(wall_now_ms())) == "valid");
  REQUIRE(context.reports.size() == 1);
  CHECK(names(context) == std::vector<std::string>{"indicates ExampleRAT",
                                                   "indicates Web Protocols",
                                                   "uses APT-EXAMPLE via ExampleRAT"});
  CHECK(context.links[1].threat.mitre_id == "T1071.001");
  CHECK(context.links[1].threat.tactics == std::vector<std::string>{"command-and-control"});
}

TEST_CASE("context: depth limits the links") {
  Fixture w;
  CHECK(names(w.ask({"198.51.100.7"}, 1)->contexts[0]).size() == 2);
  CHECK(names(w.ask({"198.51.100.7"}, 0)->contexts[0]).empty());
}

TEST_CASE("many values take few round trips, and each gets its own result") {
  Fixture w;
  std::vector<std::string> texts;
  for (int i = 0; i < 150; ++i) texts.push_back("192.0.2." + std::to_string(i));
  texts.insert(texts.end(), {"198.51.100.7", "login.evil.example", "only-indicator.example",
                             "098f6bcd4621d373cade4e832627b4f6", "203.0.113.50"});
  const auto before = w.server->request_count();
  const auto found = w.ask(texts);
  REQUIRE(found.ok());
  // Networks around 151 addresses in 12 searches; indicators based on them; details of observables
  // and of indicators; links, links of links.
  CHECK(w.server->request_count() - before <= 18);
  REQUIRE(found->contexts.size() == 155);
  for (std::size_t i = 0; i < 150; ++i) CHECK_FALSE(found->contexts[i].known());
  CHECK(found->contexts[151].observables.at(0).type == "Domain-Name");
  CHECK(found->contexts[152].observables.empty());
  CHECK(found->contexts[152].indicators.size() == 1);
  CHECK(found->contexts[153].observables.at(0).type == "StixFile");
  CHECK(std::string(found->contexts[154].indicators.at(0).state(wall_now_ms())) == "revoked");
}

TEST_CASE("values of different kinds in one query do not get one another's") {
  Fixture w;
  const std::vector<Value> values = {value_of("registry", R"(HKLM\Software\X)"),
                                     value_of("filename", "invoice.exe"),
                                     value_of("ip", "198.51.100.7"), value_of("other", "unknown")};
  const auto found = find_context(*w.client, values, {0}, Fixture::soon());
  REQUIRE(found.ok());
  CHECK_FALSE(found->contexts[0].known());
  REQUIRE(found->contexts[1].observables.size() == 1);
  CHECK(found->contexts[1].observables[0].type == "StixFile");
  REQUIRE(found->contexts[2].observables.size() == 1);
  CHECK(found->contexts[2].observables[0].type == "IPv4-Addr");
  CHECK_FALSE(found->contexts[3].known());
}

TEST_CASE("an indicator named after a value is matched by its pattern") {
  const std::string path = "/tmp/socbridge-opencti-" + std::to_string(getpid()) + ".json";
  const auto indicator = [](const char* id, const char* name, const char* pattern) {
    return std::string(R"({"type":"indicator","id":"indicator--)") + id + R"(","name":")" + name +
           R"(","pattern_type":"stix","pattern":")" + pattern + "\"}";
  };
  std::ofstream(path) << R"({"type":"bundle","objects":[)"
                      << indicator("1", "multi.example",
                                   "[domain-name:value = 'a.example' OR domain-name:value = "
                                   "'multi.example']")
                      << ","
                      << indicator("2", "not.example", "[domain-name:value != 'not.example']")
                      << "," << indicator("3", "url.example", "[url:value = 'http://url.example/']")
                      << ","
                      << indicator("4", "nor.example", "[domain-name:value NOT = 'nor.example']")
                      << "]}";
  Fixture w({}, path);
  const auto found = w.ask({"multi.example", "not.example", "url.example", "nor.example"});
  std::remove(path.c_str());
  REQUIRE(found.ok());
  CHECK(found->contexts[0].indicators.size() == 1);
  CHECK_FALSE(found->contexts[1].known());
  CHECK_FALSE(found->contexts[2].known());
  CHECK_FALSE(found->contexts[3].known());
}

TEST_CASE("the case of a URL's path is not folded away") {
  Fixture w;
  CHECK(w.ask({"http://login.evil.example/verify?id=1"})->contexts[0].known());
  CHECK_FALSE(w.ask({"http://login.evil.example/VERIFY?id=1"})->contexts[0].known());
}

TEST_CASE("a search that is too complex is halved") {
  Fixture w({"error=COMPLEX_SEARCH_ERROR,first=1"});
  const auto before = w.server->request_count();
  const auto found = w.ask({"198.51.100.7", "login.evil.example"}, 0);
  REQUIRE(found.ok());
  CHECK(found->contexts[0].known());
  CHECK(found->contexts[1].known());
  CHECK(w.server->request_count() - before == 6);  // one and two halves, and their results
}

TEST_CASE("a lock passes, a refusal is not \"not known\"") {
  Fixture locked({"error=LOCK_ERROR,first=2"});
  CHECK(locked.ask({"198.51.100.7"})->contexts[0].known());
  Fixture forbidden({"error=FORBIDDEN_ACCESS"});
  CHECK(forbidden.ask({"198.51.100.7"}).status().code() == ExitCode::auth);
  Fixture down({"error=DATABASE_ERROR"});
  CHECK(down.ask({"198.51.100.7"}).status().code() == ExitCode::unreachable);
}

TEST_CASE("one value that fails does not affect the others") {
  // Of 8 values: all, halves, quarters, and one alone, with its tries.
  Fixture w({"error=DATABASE_ERROR,first=7"});
  std::vector<std::string> texts;
  for (int i = 0; i < 7; ++i) texts.push_back("unknown" + std::to_string(i) + ".example");
  texts.emplace_back("login.evil.example");
  const auto found = w.ask(texts, 0);
  REQUIRE(found.ok());
  std::size_t failed = 0;
  for (const Context& context : found->contexts) failed += context.status.ok() ? 0U : 1U;
  CHECK(failed == 1);
  CHECK_FALSE(found->contexts[0].status.ok());
  CHECK(found->contexts[7].known());
}

TEST_CASE("a platform without answers is an outage, detected soon") {
  Fixture w({"error=DATABASE_ERROR"});
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i) texts.push_back("unknown" + std::to_string(i) + ".example");
  const auto before = w.server->request_count();
  CHECK(w.ask(texts, 0).status().code() == ExitCode::unreachable);
  CHECK(w.server->request_count() - before < 40);
}

TEST_CASE("addresses match the networks that contain them") {
  const std::string path = "/tmp/socbridge-opencti-net-" + std::to_string(getpid()) + ".json";
  std::ofstream(path)
      << R"({"type":"bundle","objects":[)"
      << R"({"type":"ipv4-addr","id":"ipv4-addr--1","value":"203.0.112.0/23"},)"
      << R"({"type":"indicator","id":"indicator--1","name":"x","pattern_type":"stix",)"
      << R"("pattern":"[ipv4-addr:value = '198.51.100.0/24']"},)"
      << R"({"type":"indicator","id":"indicator--2","name":"y","pattern_type":"stix",)"
      << R"("pattern":"[ipv4-addr:value ISSUBSET '192.0.2.0/28']"},)"
      << R"({"type":"indicator","id":"indicator--3","name":"z","pattern_type":"stix",)"
      << R"("pattern":"[ipv6-addr:value = '2001:db8:7::/48']"}]})";
  Fixture w({}, path);
  const auto found = w.ask({"203.0.113.9", "198.51.100.77", "192.0.2.15", "192.0.2.16",
                            "2001:db8:7::1", "2001:db8:8::1", "198.51.101.1"},
                           0);
  std::remove(path.c_str());
  REQUIRE(found.ok());
  const bool known[] = {true, true, true, false, true, false, false};
  for (std::size_t i = 0; i < 7; ++i) CHECK(found->contexts[i].known() == known[i]);
}

TEST_CASE("the answer for a value does not depend on its neighbours") {
  const std::string path = "/tmp/socbridge-opencti-near-" + std::to_string(getpid()) + ".json";
  std::ofstream(path)
      << R"({"type":"bundle","objects":[)"
      << R"({"type":"indicator","id":"indicator--1","name":"a.example","pattern_type":"stix",)"
      << R"("pattern":"[domain-name:value = 'a.example' OR domain-name:value = 'b.example']"},)"
      << R"({"type":"mutex","id":"mutex--1","name":"c.example"},)"
      << R"({"type":"user-account","id":"user-account--1","account_login":"bob","user_id":"7"},)"
      << R"({"type":"indicator","id":"indicator--2","name":"m","pattern_type":"stix",)"
      << R"("pattern":"[mutex:name = 'Global\\\\Evil']"}]})";
  Fixture w({}, path);
  const std::vector<Value> values = {*read_value("a.example"), *read_value("b.example"),
                                     *read_value("c.example"), value_of("other", "c.example"),
                                     value_of("other", "bob"), value_of("other", "Global\\Evil")};
  const auto together = find_context(*w.client, values, {0}, Fixture::soon());
  REQUIRE(together.ok());
  const bool known[] = {true, false, false, true, true, true};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto alone = find_context(*w.client, {values[i]}, {0}, Fixture::soon());
    REQUIRE(alone.ok());
    CHECK(alone->contexts[0].known() == known[i]);
    CHECK(together->contexts[i].known() == known[i]);
  }
  std::remove(path.c_str());
}

TEST_CASE("a value with only revoked indicators is not known") {
  Fixture w;
  const auto found = w.ask({"203.0.113.50", "198.51.100.7", "192.0.2.1"}, 0);
  REQUIRE(found.ok());
  CHECK(found->contexts[0].only_revoked());
  CHECK_FALSE(found->contexts[1].only_revoked());
  CHECK_FALSE(found->contexts[2].only_revoked());
}

TEST_CASE("links have a direction, and a technique's id is not in its name") {
  Fixture w;
  const auto found = w.ask({"198.51.100.7"});
  REQUIRE(found.ok());
  const auto& links = found->contexts[0].links;
  REQUIRE(links.size() == 3);
  CHECK(links[0].end == Link::End::target);
  CHECK(links[1].threat.name == "Web Protocols");
  CHECK(links[2].threat.name == "APT-EXAMPLE");
  CHECK(links[2].end == Link::End::source);  // it uses the malware, not the other way round
}

TEST_CASE("the sandbox refuses what OpenCTI refuses") {
  Fixture w;
  const auto code = [&](const char* document, const std::string& variables = {}) {
    const auto answer = w.client->post("asking", document, variables, Fixture::soon());
    REQUIRE(answer.ok());
    return answer->errors.empty() ? std::string() : answer->errors[0].code;
  };
  CHECK(code("{ about { version } }").empty());
  CHECK(code("{ a: about { version } b: about { version } }").empty());
  CHECK(code("{ a: about { version } b: about { version } c: about { version } }") ==
        "GRAPHQL_VALIDATION_FAILED");
  CHECK(code("{ nothing }") == "GRAPHQL_VALIDATION_FAILED");
  CHECK(code("{ about { ") == "GRAPHQL_PARSE_FAILED");
  CHECK(code("{ __schema { types { name } } }") == "RESOURCE_NOT_FOUND");
  const char* search =
      "query($f: FilterGroup!) { stixCyberObservables(filters: $f) { pageInfo { globalCount } } }";
  CHECK(code(search) == "BAD_USER_INPUT");
  CHECK(code(search, R"({"f":{"mode":"and","filters":[]}})") == "BAD_USER_INPUT");
  CHECK(code(search, R"({"f":{"mode":"and","filters":[{"key":["nope"],"values":["x"]}],)"
                     R"("filterGroups":[]}})") == "UNSUPPORTED_ERROR");
}

}  // namespace socbridge::opencti
