// SPDX-License-Identifier: Apache-2.0
#include "mapping/filter.h"

#include "fixtures.h"
#include "mapping/bucket.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

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

std::string trouble(const std::string& row) {
  const auto document = json::Document::parse(row);
  REQUIRE(document.ok());
  const auto filter = Filter::read(document->root());
  INFO(row);
  REQUIRE_FALSE(filter.ok());
  CHECK(filter.status().code() == ExitCode::usage);
  return filter.status().line();
}

std::string skipped(const std::string& options) {
  const auto read = options_of(options);
  REQUIRE(read.ok());
  return skip_reason(sample(), *read);
}

std::string bucket_id(const std::string& time, const std::string& by = "rule.id") {
  const auto alert =
      parse(R"({"timestamp":")" + time +
            R"(","id":"1.1","rule":{"level":10,"id":"5763"},"manager":{"name":"m"}})");
  return bucket_of(alert, "g", {by}, 600000, "", 0).id;
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

TEST_CASE("levels, groups and agents") {
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

TEST_CASE("everything that a row names must hold") {
  CHECK(matches(R"({"rule":"5763","agent":"web-*","path":"data.srcip","cidr":"192.0.2.0/24"})"));
  CHECK_FALSE(matches(R"({"rule":"5763","agent":"db-*"})"));
}

TEST_CASE("a wrong row says what is wrong") {
  CHECK(trouble(R"({"rules":"1"})") == R"(unknown key "rules"; did you mean "rule"?)");
  CHECK(trouble(R"({"rule":"10-5"})").find("\"10-5\" is no number or range") != std::string::npos);
  CHECK(trouble(R"({"level":"high"})").find("level: \"high\"") != std::string::npos);
  CHECK(trouble(R"({"path":"a","cidr":"10.0.0.0/33"})").find("no address block") !=
        std::string::npos);
  CHECK(trouble(R"({"path":"a","cidr":"10.0.0/8"})").find("no address block") != std::string::npos);
  CHECK(trouble(R"({"cidr":"10.0.0.0/8"})").find("need a path") != std::string::npos);
  CHECK(trouble(R"({"path":"a","cidr":"::/0","glob":"*"})").find("only one") != std::string::npos);
  CHECK(trouble(R"({"group":[]})").find("1 to 1000 values") != std::string::npos);
  CHECK(trouble(R"({"group":{"a":1}})").find("must be a text") != std::string::npos);
  CHECK(trouble(R"({"group":[["a"]]})").find("group[0]") != std::string::npos);
  CHECK(trouble("{}").find("at least one of") != std::string::npos);
  CHECK(trouble("\"5710\"").find("must be an object") != std::string::npos);
}

TEST_CASE("include and exclude decide, and say which row") {
  CHECK(skipped("{}").empty());
  CHECK(skipped(R"({"exclude":[{"rule":"1"},{"rule":"5763","agent":"web-*"}]})") ==
        "exclude[1]: rule 5763, agent web-01");
  CHECK(skipped(R"({"include":[{"group":"sshd"}]})").empty());
  CHECK(skipped(R"({"include":[{"group":"web"},{"agent":"db-*"}]})") ==
        "no row of include matches");
  CHECK(
      skipped(
          R"({"include":[{"group":"sshd"}],"exclude":[{"path":"data.srcip","cidr":"192.0.2.0/24"}]})") ==
      "exclude[0]: data.srcip 192.0.2.7 in 192.0.2.0/24");
  // The level counts before the filters.
  CHECK(skipped(R"({"min_level":12,"include":[{"group":"sshd"}]})") ==
        "level 10 is below min_level 12");
}

TEST_CASE("a broken filter names file, place and row") {
  const auto read =
      options_of("{\n  \"exclude\": [{\"rule\": \"1\"}, {\"rule\": \"x-1-\"}, {\"rulle\": 1}]\n}");
  REQUIRE_FALSE(read.ok());
  CHECK(read.status().line() ==
        R"(w2thive.json:2:3: exclude [2]: unknown key "rulle"; did you mean "rule"?)");
}

TEST_CASE("explain names the row that lets an alert through") {
  const auto read = options_of(R"({"include":[{"rule":"1"},{"agent":"web-*"}]})");
  const Mapped mapped = map(sample(), *read, kNow, true);
  REQUIRE_FALSE(mapped.explanations.empty());
  CHECK(mapped.explanations[0].field == "forwarded");
  CHECK(mapped.explanations[0].value == "include[1]");
  CHECK(mapped.explanations[0].rule == "agent web-01");
}

TEST_CASE("patterns take linear steps whatever the text") {
  CHECK(glob_matches("", ""));
  CHECK(glob_matches("*", ""));
  CHECK(glob_matches("a*b*c", "aXXbYYc"));
  CHECK(glob_matches("*.exe", "C:\\x.EXE"));
  CHECK(glob_matches("a**b", "ab"));
  CHECK_FALSE(glob_matches("a?", "a"));
  CHECK_FALSE(glob_matches("a*b", "abc"));
  CHECK_FALSE(glob_matches("[a]", "a"));
  const std::string text(60000, 'a');
  CHECK_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*b", text));
}

TEST_CASE("networks of every width") {
  const auto net = [](const char* text) { return Network::parse(text).value(); };
  CHECK(net("0.0.0.0/0").holds("203.0.113.9"));
  CHECK(net("203.0.113.9/32").holds("203.0.113.9"));
  CHECK_FALSE(net("203.0.113.8/32").holds("203.0.113.9"));
  CHECK(net("203.0.113.8/31").holds("203.0.113.9"));
  CHECK(net("2001:db8::/127").holds("2001:db8::1"));
  CHECK_FALSE(net("2001:db8::/128").holds("2001:db8::1"));
  CHECK(net("192.0.2.0/24").holds("::ffff:192.0.2.7"));
  CHECK(net("192.0.2.0/24").holds("192.0.2.7:443"));
  for (const char* bad :
       {"", "/8", "10.0.0.0/", "10.0.0.0/-1", "a/8", "10.0.0.0/8/8", "300.0.0.1"}) {
    INFO(bad);
    CHECK_FALSE(Network::parse(bad));
  }
}

TEST_CASE("a bucket is the same for equal alerts of one stretch of time") {
  CHECK(bucket_id("2025-03-14T07:40:00.000+0000") == bucket_id("2025-03-14T07:49:59.999Z"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") == bucket_id("2025-03-14T08:40:00+01:00"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") != bucket_id("2025-03-14T07:50:00Z"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") != bucket_id("2025-04-14T07:40:00Z"));
  CHECK(bucket_id("2025-03-14T07:40:00Z") != bucket_id("2025-03-14T07:40:00Z", "manager.name"));
  const std::string id = bucket_id("2025-03-14T07:41:00Z");
  CHECK(id.size() <= 64);
  CHECK(id.ends_with("-1741938000"));
  CHECK(id.find_first_not_of("0123456789abcdefg-") == std::string::npos);
  const auto before_1970 = bucket_id("1969-12-31T23:59:59Z");
  CHECK(before_1970.ends_with("--600"));
}

TEST_CASE("lists of values cannot be shifted into one another") {
  const auto with = [](const char* a, const char* b) {
    const auto alert = with_data(std::string(R"({"a":")") + a + R"(","b":")" + b + "\"}");
    return bucket_of(alert, "g", {"data.a", "data.b"}, 600000, "", 0).id;
  };
  CHECK(with("x", "y") == with("x", "y"));
  CHECK(with("x\\n6:data.b=1:y", "") != with("x", "y"));
  const auto alert = with_data(R"({"a":"x"})");
  CHECK_FALSE(bucket_of(alert, "g", {"data.a", "data.b"}, 600000, "", 0).complete);
  CHECK(bucket_of(alert, "g", {"data.a"}, 600000, "", 0).complete);
}

TEST_CASE("keys of caps and groups are read and checked") {
  const auto read = options_of(
      R"({"rate_cap":{"by":["rule.id","agent.id"],"max":20,"per":"10m"},"group_by":["rule.id"],"group_window":"2h"})");
  REQUIRE(read.ok());
  CHECK(read->rate_cap.by == std::vector<std::string>{"rule.id", "agent.id"});
  CHECK(read->rate_cap.max == 20);
  CHECK(read->rate_cap.window_ms == 600000);
  CHECK(read->grouping.by == std::vector<std::string>{"rule.id"});
  CHECK(read->grouping.window_ms == 7200000);
  CHECK(options_of("{}")->rate_cap.by.empty());
  CHECK(options_of("{}")->grouping.by.empty());
  for (const char* bad : {R"({"rate_cap":{"by":["rule.id"],"max":20}})",
                          R"({"rate_cap":{"by":[],"max":20,"per":"10m"}})",
                          R"({"rate_cap":{"by":["rule.id"],"max":0,"per":"10m"}})",
                          R"({"rate_cap":{"by":[""],"max":1,"per":"10m"}})",
                          R"({"rate_cap":{"by":["rule.id"],"max":1,"per":"soon"}})",
                          R"({"rate_cap":{"by":["rule.id"],"max":1,"per":"1s"}})",
                          R"({"rate_cap":{"by":["a"],"maximum":1,"per":"1m"}})",
                          R"({"group_window":"40d"})", R"({"group_by":[""]})"}) {
    INFO(bad);
    const auto broken = options_of(bad);
    REQUIRE_FALSE(broken.ok());
    CHECK(broken.status().message().starts_with("w2thive.json:1:"));
  }
}
