// SPDX-License-Identifier: Apache-2.0
// Results of a filter for alerts; its parsing is in filter_test.cc.
#include "fixtures.h"
#include "rules/filter.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

// Why the row matches; "no" if it does not.
std::string why(const std::string& row, const std::string& alert) {
  const auto document = json_of(row);
  const auto filter = Filter::read(document.root());
  INFO(row << " " << filter.status().line());
  REQUIRE(filter.ok());
  return filter->matches(parse(alert)).value_or("no");
}

}  // namespace

TEST_CASE("the reason has every condition of a row, in one order") {
  CHECK(why(R"({"location":"*","decoder":"s*","level":"5-","group":"b","agent":"web","rule":"7"})",
            R"({"rule":{"id":"7","level":5,"groups":["a","b"]},"agent":{"id":"1","name":"web"},
                "decoder":{"name":"sshd"},"location":"/var/log"})") ==
        "rule 7, level 5, group b, agent web, decoder sshd, location /var/log");
}

TEST_CASE("a rule id is a number in a range or a text that is the same") {
  const auto id = [](const std::string& row, const std::string& rule) {
    return why(R"({"rule":)" + row + "}", R"({"rule":{"id":")" + rule + "\"}}");
  };
  CHECK(id(R"("sigma-1")", "sigma-1") == "rule sigma-1");
  CHECK(id(R"("sigma-1")", "SIGMA-1") == "no");
  CHECK(id(R"("0-")", "") == "no");
  CHECK(id(R"("0-")", "18446744073709551615") == "rule 18446744073709551615");
  CHECK(id(R"("0-")", "18446744073709551616") == "no");
  CHECK(id(R"("0-9")", "+5") == "no");
}

TEST_CASE("an agent matches by name, by id, or as the host without an agent") {
  const std::string row = R"({"agent":["003","fw-*"]})";
  CHECK(why(row, R"({"agent":{"id":"003","name":"db-1"}})") == "agent db-1");
  CHECK(why(row, R"({"agent":{"id":"003"}})") == "agent 003");
  CHECK(why(row, R"({"agent":{"id":"004","name":"db-1"}})") == "no");
  CHECK(why(R"({"agent":"*"})", R"({"rule":{"id":"1"}})") == "no");
}

TEST_CASE("filter match: an agent's address is in a block") {
  const std::string row = R"({"agent_ip":["10.0.0.0/8","2001:db8::/32"]})";
  CHECK(why(row, R"({"agent":{"ip":"10.1.2.3"}})") == "agent_ip 10.1.2.3 in 10.0.0.0/8");
  CHECK(why(row, R"({"agent":{"ip":"2001:0DB8:0000:0000:0000:0000:0000:0001"}})") != "no");
  for (const char* ip : {"any", "", "11.0.0.1", "10.1.2.3/8"}) {
    CAPTURE(ip);
    CHECK(why(row, R"({"agent":{"ip":")" + std::string(ip) + "\"}}") == "no");
  }
}

TEST_CASE("groups of an agent in all of Wazuh's forms, as list or separated by commas") {
  const std::string row = R"({"agent_group":"dmz"})";
  CHECK(why(row, R"({"agent":{"groups":["a","DMZ"]}})") == "agent_group DMZ");
  CHECK(why(row, R"({"agent":{"labels":{"group":" a , dmz "}}})") == "agent_group dmz");
  CHECK(why(row, R"({"agent":{"labels":{"groups":["x,dmz"]}}})") == "agent_group dmz");
  CHECK(why(row, R"({"wazuh":{"agent":{"groups":["dmz"]}}})") == "agent_group dmz");
  CHECK(why(row, R"({"agent":{"groups":",, ,"}})") == "no");
  CHECK(why(row, R"({"agent":{"groups":{"dmz":1}}})") == "no");
  CHECK(why(row, R"({"agent":{"groups":[["dmz"],null,5]}})") == "no");
}

TEST_CASE("every label must match; a value that is not text matches none") {
  const std::string row = R"({"label":{"site":"par*","a.b":["1","true"]}})";
  CHECK(why(row, R"({"agent":{"labels":{"site":"Paris","a":{"b":1}}}})") ==
        "label site Paris, label a.b 1");
  CHECK(why(row, R"({"agent":{"labels":{"site":"Paris","a.b":true}}})") ==
        "label site Paris, label a.b true");
  CHECK(why(row, R"({"agent":{"labels":{"site":"Paris"}}})") == "no");
  CHECK(why(row, R"({"agent":{"labels":{"site":["Paris"],"a.b":1}}})") == "no");
  CHECK(why(R"({"label":{"site":"*"}})", R"({"agent":{}})") == "no");
}

TEST_CASE("negated rows are evaluated last, and one match is enough") {
  const std::string row = R"({"level":"0-","not":[{"agent":"web-*"},{"group":"quiet"}]})";
  CHECK(why(row, R"({"rule":{"level":3}})") == "level 3, no match in not");
  CHECK(why(row, R"({"rule":{"level":3,"groups":["quiet"]}})") == "no");
  CHECK(why(row, R"({"agent":{"name":"web-1"}})") == "no");
  const std::string twice = R"({"not":{"not":{"agent":"web"}}})";
  CHECK(why(twice, R"({"agent":{"name":"web"}})") == "no match in not");
  CHECK(why(twice, R"({"agent":{"name":"db"}})") == "no");
}

TEST_CASE("an attacker's bytes are printable and short in the reason") {
  const std::string hostile = "\\u001b[2J\\u202e" + std::string(300, 'x');
  const std::string alert = R"({"rule":{"id":")" + hostile + R"(","groups":[")" + hostile +
                            R"("]},"agent":{"name":")" + hostile + R"("},"decoder":{"name":")" +
                            hostile + R"("},"location":")" + hostile + "\"}";
  for (const char* row : {R"({"rule":["x","\u001b[2J\u202e)", R"({"group":"*"})",
                          R"({"agent":"*"})", R"({"decoder":"*"})", R"({"location":"*"})"}) {
    const std::string_view text = row;
    const std::string whole = text.ends_with('}')
                                  ? std::string(text)
                                  : std::string(text) + std::string(300, 'x') + "\"]}";
    const std::string said = why(whole, alert);
    CAPTURE(said);
    CHECK(said != "no");
    CHECK(said.find('\x1b') == std::string::npos);
    CHECK(said.find("\u202e") == std::string::npos);
    CHECK(said.size() < 120);
  }
}
