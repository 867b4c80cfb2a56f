// SPDX-License-Identifier: Apache-2.0
#include "rules/filter.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

wazuh::Alert sample() {
  return parse(R"({"timestamp":"2025-03-14T07:40:01.037+0000","id":"1741938001.1",
    "rule":{"level":10,"id":"5763","description":"d","groups":["syslog","sshd"]},
    "agent":{"id":"003","name":"web-01"},"manager":{"name":"m"},
    "data":{"srcip":"192.0.2.7","srcport":"4711","n":5,"on":true,"list":["a","b"],
            "v6":"2001:DB8:0:0::7","nothing":null}})");
}

bool matches(const std::string& row) {
  const auto document = json::Document::parse(row);
  REQUIRE(document.ok());
  const auto filter = Filter::read(document->root());
  INFO(row);
  REQUIRE(filter.ok());
  return filter->matches(sample()).has_value();
}

std::string error_of(const std::string& row) {
  const auto document = json::Document::parse(row);
  REQUIRE(document.ok());
  const auto filter = Filter::read(document->root());
  INFO(row);
  REQUIRE_FALSE(filter.ok());
  CHECK(filter.status().code() == ExitCode::usage);
  return filter.status().line();
}

}  // namespace

TEST_CASE("rules by id and by range, also as numbers") {
  CHECK(matches(R"({"rule":"5763"})"));
  CHECK(matches(R"({"rule":5763})"));
  CHECK(matches(R"({"rule":["1","5700-5799"]})"));
  CHECK(matches(R"({"rule":"5763-5763"})"));
  CHECK_FALSE(matches(R"({"rule":"5764-9999"})"));
  CHECK_FALSE(matches(R"({"rule":["576","57630"]})"));
}

TEST_CASE("filter: levels, groups and agents") {
  CHECK(matches(R"({"level":"7-10"})"));
  CHECK_FALSE(matches(R"({"level":[9,11]})"));
  CHECK(matches(R"({"group":"SSHD"})"));
  CHECK(matches(R"({"group":["none","sys*"]})"));
  CHECK_FALSE(matches(R"({"group":"ssh"})"));
  CHECK(matches(R"({"agent":"003"})"));
  CHECK(matches(R"({"agent":"WEB-*"})"));
  CHECK(matches(R"({"agent":"web-0?"})"));
  CHECK_FALSE(matches(R"({"agent":["db-*","00"]})"));
}

TEST_CASE("fields by text, pattern and address block") {
  CHECK(matches(R"({"path":"data.srcport","equals":"4711"})"));
  CHECK(matches(R"({"path":"data.srcport","equals":4711})"));
  CHECK(matches(R"({"path":"data.n","equals":"5"})"));
  CHECK(matches(R"({"path":"data.on","equals":true})"));
  CHECK(matches(R"({"path":"data.list","equals":["x","b"]})"));
  CHECK(matches(R"({"path":"data.srcip","glob":"192.0.2.*"})"));
  CHECK(matches(R"({"path":"data.srcip","cidr":"192.0.2.0/24"})"));
  CHECK(matches(R"({"path":"data.srcip","cidr":["10.0.0.0/8","192.0.2.7"]})"));
  CHECK(matches(R"({"path":"data.v6","cidr":"2001:db8::/32"})"));
  CHECK(matches(R"({"path":"data.srcip"})"));
  CHECK_FALSE(matches(R"({"path":"data.srcip","cidr":"192.0.2.8/29"})"));
  CHECK_FALSE(matches(R"({"path":"data.srcip","cidr":"::/0"})"));
  CHECK_FALSE(matches(R"({"path":"data.srcport","cidr":"0.0.0.0/0"})"));
  CHECK_FALSE(matches(R"({"path":"data.absent"})"));
  CHECK_FALSE(matches(R"({"path":"data.nothing"})"));
  CHECK_FALSE(matches(R"({"path":"data.absent","glob":"*"})"));
}

TEST_CASE("filter: all conditions of a row must match") {
  CHECK(matches(R"({"rule":"5763","agent":"web-*","path":"data.srcip","cidr":"192.0.2.0/24"})"));
  CHECK_FALSE(matches(R"({"rule":"5763","agent":"db-*"})"));
}

TEST_CASE("filter: a wrong row has a message") {
  CHECK(error_of(R"({"rules":"1"})") == R"(unknown key "rules"; did you mean "rule"?)");
  CHECK(error_of(R"({"rule":"10-5"})").find("\"10-5\" is not a number or range") !=
        std::string::npos);
  CHECK(error_of(R"({"level":"high"})").find("level: \"high\"") != std::string::npos);
  CHECK(error_of(R"({"path":"a","cidr":"10.0.0.0/33"})").find("is not an address block") !=
        std::string::npos);
  CHECK(error_of(R"({"path":"a","cidr":"10.0.0/8"})").find("is not an address block") !=
        std::string::npos);
  CHECK(error_of(R"({"cidr":"10.0.0.0/8"})").find("need a path") != std::string::npos);
  CHECK(error_of(R"({"path":"a","cidr":"::/0","glob":"*"})").find("only one") != std::string::npos);
  CHECK(error_of(R"({"group":[]})").find("1 to 1000 values") != std::string::npos);
  CHECK(error_of(R"({"group":{"a":1}})").find("must be a text") != std::string::npos);
  CHECK(error_of(R"({"group":[["a"]]})").find("group[0]") != std::string::npos);
  CHECK(error_of(R"({"label":{"a":"1","b":"1","a":"2"}})") ==
        "label.a: is given twice; remove one of them");
  CHECK(error_of("{}").find("at least one of") != std::string::npos);
  CHECK(error_of("\"5710\"").find("must be an object") != std::string::npos);
}
