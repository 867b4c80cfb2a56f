// SPDX-License-Identifier: Apache-2.0
// Every row of the table of arguments (docs/protocols/wazuh.md, "Arguments"), as measured with
// integratord's own cutting function.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "wazuh/invocation.h"

using socbridge::wazuh::Invocation;
using socbridge::wazuh::parse_invocation;

namespace {

const std::string kAlert = "/tmp/custom-w2thive-1741938001--123456.alert";
const std::string kOptions = "/tmp/custom-w2thive-1741938001-987654.options";
const std::string kUrl = "https://thehive.example:9000/hive";
constexpr const char* kEnd = "> /dev/null 2>&1";

Invocation parse(const std::vector<std::string>& args) {
  const std::vector<std::string_view> views(args.begin(), args.end());
  return parse_invocation(views);
}

struct Row {
  const char* name;
  std::vector<std::string> args;
  bool debug;
  bool options;
  int timeout_s, retries;
};

}  // namespace

TEST_CASE("invocation: every version, normal and debug") {
  const std::vector<Row> rows = {
      {"4.8 normal", {kAlert, "K", kUrl, "", kOptions, "20", "5", kEnd}, false, true, 20, 5},
      {"4.8 normal, no options", {kAlert, "K", kUrl, "", "", "20", "5", kEnd}, false, false, 20, 5},
      {"4.8 debug", {kAlert, "K", kUrl, "debug", kOptions, "20", "5"}, true, true, 20, 5},
      {"4.8 debug, no options", {kAlert, "K", kUrl, "debug", "", "20", "5"}, true, false, 20, 5},
      {"4.7 normal", {kAlert, "K", kUrl, "", kOptions, kEnd}, false, true, 10, 3},
      {"4.7 normal, no options", {kAlert, "K", kUrl, "", "", kEnd}, false, false, 10, 3},
      {"4.7 debug", {kAlert, "K", kUrl, "debug", kOptions}, true, true, 10, 3},
      {"4.7 debug, no options", {kAlert, "K", kUrl, "debug", ""}, true, false, 10, 3},
      {"4.2 normal", {kAlert, "K", kUrl, " > /dev/null 2>&1"}, false, false, 10, 3},
      {"4.2 debug", {kAlert, "K", kUrl, "debug"}, true, false, 10, 3},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Invocation call = parse(row.args);
    CHECK(call.alert_file == kAlert);
    CHECK(call.key.reveal() == "K");
    CHECK(call.hook_url == kUrl);
    CHECK(call.debug == row.debug);
    CHECK(call.options_file == (row.options ? kOptions : ""));
    CHECK(call.timeout_s == row.timeout_s);
    CHECK(call.retries == row.retries);
    CHECK_FALSE(call.no_arguments);
    CHECK(call.remarks.empty());
  }
}

TEST_CASE("invocation: key and URL may be missing in every version") {
  const std::vector<std::vector<std::string>> tails = {
      {"", kOptions, "20", "5", kEnd},
      {"debug", kOptions, "20", "5"},
      {"", "", "10", "3", kEnd},
      {"", kOptions, kEnd},
      {"debug", kOptions},
      {"", "", kEnd},
      {" > /dev/null 2>&1"},
      {"debug"},
  };
  for (const auto& tail : tails) {
    for (const bool key : {false, true}) {
      for (const bool url : {false, true}) {
        std::vector<std::string> args = {kAlert, key ? "K" : "", url ? kUrl : ""};
        args.insert(args.end(), tail.begin(), tail.end());
        INFO("arguments " << args.size() << ", key " << key << ", URL " << url << ", " << tail[0]);
        const Invocation call = parse(args);
        CHECK(call.alert_file == kAlert);
        CHECK(call.key.reveal() == (key ? "K" : ""));
        CHECK(call.hook_url == (url ? kUrl : ""));
        CHECK(call.debug == (tail[0] == "debug"));
        CHECK(call.remarks.empty());
      }
    }
  }
}

TEST_CASE("invocation: no arguments means a start by hand") {
  const Invocation call = parse({});
  CHECK(call.no_arguments);
  CHECK(call.alert_file.empty());
}

TEST_CASE("invocation: an alert file that could not be written") {
  const Invocation call = parse({"", "K", kUrl, "", "", "10", "3", kEnd});
  CHECK_FALSE(call.no_arguments);
  CHECK(call.alert_file.empty());
  CHECK(call.key.reveal() == "K");
  CHECK(call.hook_url == kUrl);
}

TEST_CASE("invocation: the file may carry the name of another block, up to 4.5") {
  const Invocation call = parse({"/tmp/slack-1741938001-5.alert", "K", kUrl, " > /dev/null 2>&1"});
  CHECK(call.alert_file == "/tmp/slack-1741938001-5.alert");
  CHECK(call.key.reveal() == "K");
}

TEST_CASE("invocation: numbers outside of their range") {
  CHECK(parse({kAlert, "K", kUrl, "", "", "0", "0", kEnd}).timeout_s == 10);
  CHECK(parse({kAlert, "K", kUrl, "", "", "0", "0", kEnd}).retries == 0);
  CHECK(parse({kAlert, "K", kUrl, "", "", "999999", "3", kEnd}).timeout_s == 3600);
  CHECK(parse({kAlert, "K", kUrl, "", "", "5", "999999", kEnd}).retries == 100);
}

TEST_CASE("invocation: a key given as a reference to a file") {
  const Invocation call = parse({kAlert, "file:/etc/w2thive.key", kUrl, "", "", "10", "3", kEnd});
  CHECK(call.key.reveal() == "file:/etc/w2thive.key");
  CHECK(call.remarks.empty());
}
