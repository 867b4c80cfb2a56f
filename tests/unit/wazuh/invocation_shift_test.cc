// SPDX-License-Identifier: Apache-2.0
// The cutting rules that bite (docs/protocols/wazuh.md, "Arguments").
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "wazuh/invocation.h"

using socbridge::wazuh::Invocation;
using socbridge::wazuh::parse_invocation;

namespace {

const std::string kAlert = "/tmp/custom-w2thive-1741938001-1.alert";
const std::string kOptions = "/tmp/custom-w2thive-1741938001-2.options";
const std::string kUrl = "http://192.0.2.10:9000";
constexpr const char* kEnd = "> /dev/null 2>&1";

// Parses and checks the common properties of all shifts: it is reported, and the message contains
// no value.
Invocation shifted(const std::vector<std::string>& args) {
  const std::vector<std::string_view> views(args.begin(), args.end());
  Invocation call = parse_invocation(views);
  CHECK_FALSE(call.remarks.empty());
  for (const std::string& remark : call.remarks) {
    for (const std::string& value : args) {
      INFO(remark);
      if (value.size() >= 6) CHECK(remark.find(value) == std::string::npos);
    }
    CHECK(remark.find("SECRET") == std::string::npos);
    CHECK(remark.find('\n') == std::string::npos);
  }
  return call;
}

void check_usual(const Invocation& call) {
  CHECK(call.alert_file == kAlert);
  CHECK(call.hook_url == kUrl);
  CHECK(call.options_file == kOptions);
  CHECK(call.timeout_s == 20);
  CHECK(call.retries == 5);
}

}  // namespace

TEST_CASE("shift: api_key with blanks around it") {
  const auto call =
      shifted({kAlert, "", "SECRET1", "", kUrl, "", kOptions, "20 5 > /dev/null 2>&1"});
  check_usual(call);
  CHECK(call.key.reveal() == "SECRET1");
  CHECK_FALSE(call.debug);
}

TEST_CASE("shift: api_key with blanks around it, debug") {
  const auto call = shifted({kAlert, "", "SECRET1", "", kUrl, "debug", kOptions, "20 5"});
  check_usual(call);
  CHECK(call.key.reveal() == "SECRET1");
  CHECK(call.debug);
}

TEST_CASE("shift: a blank inside the key") {
  const auto call =
      shifted({kAlert, "SECRET1", "SECRET2", kUrl, "", kOptions, "20", "5 > /dev/null 2>&1"});
  check_usual(call);
  CHECK(call.key.reveal() == "SECRET1 SECRET2");
  bool cure = false;
  for (const auto& remark : call.remarks)
    cure = cure || remark.find("file:PATH") != std::string::npos;
  CHECK(cure);
}

TEST_CASE("shift: several blanks inside the key put URL and all into the last piece") {
  const auto call = shifted({kAlert, "SECRET1", "SECRET2", "SECRET3", "SECRET4", "SECRET5",
                             "SECRET6", kUrl + "  " + kOptions + " 20 5 > /dev/null 2>&1"});
  check_usual(call);
  CHECK(call.key.reveal() == "SECRET1 SECRET2 SECRET3 SECRET4 SECRET5 SECRET6");
}

TEST_CASE("shift: a blank inside the key on 4.2, normal and debug") {
  const auto normal = shifted({kAlert, "SECRET1", "SECRET2", kUrl + "  > /dev/null 2>&1"});
  CHECK(normal.hook_url == kUrl);
  CHECK(normal.key.reveal() == "SECRET1 SECRET2");
  CHECK_FALSE(normal.debug);
  const auto debug = shifted({kAlert, "SECRET1", "SECRET2", kUrl + " debug"});
  CHECK(debug.hook_url == kUrl);
  CHECK(debug.key.reveal() == "SECRET1 SECRET2");
  CHECK(debug.debug);
}

TEST_CASE("shift: half a key in the URL's place is never treated as a URL") {
  const std::vector<std::string_view> args = {kAlert, "SECRET1", "SECRET2", " > /dev/null 2>&1"};
  const auto call = parse_invocation(args);
  CHECK(call.hook_url.empty());
  CHECK(call.key.reveal() == "SECRET1 SECRET2");
}

TEST_CASE("shift: a blank inside the URL") {
  const auto call =
      shifted({kAlert, "SECRET1", kUrl, "x", "", kOptions, "20", "5 > /dev/null 2>&1"});
  check_usual(call);
  CHECK(call.key.reveal() == "SECRET1");
}

TEST_CASE("shift: a backslash joins two pieces of the key") {
  const std::vector<std::string_view> args = {kAlert,   "MY SECRET", kUrl, "",
                                              kOptions, "20",        "5",  kEnd};
  const auto call = parse_invocation(args);
  check_usual(call);
  CHECK(call.key.reveal() == "MY SECRET");
}

TEST_CASE("shift: a key that ends in a backslash swallows the URL") {
  const auto call = shifted({kAlert, "SECRET1 " + kUrl, "", kOptions, "20", "5", kEnd});
  check_usual(call);
  CHECK(call.key.reveal() == "SECRET1");
}

TEST_CASE("shift: a wrapper that lost the empty arguments") {
  // An unquoted "$@" cuts the redirection as well.
  const auto no_key = shifted({kAlert, kUrl, kOptions, "20", "5", ">", "/dev/null", "2>&1"});
  check_usual(no_key);
  CHECK(no_key.key.empty());

  const std::vector<std::string_view> full = {kAlert, "SECRET1", kUrl,        kOptions, "20",
                                              "5",    ">",       "/dev/null", "2>&1"};
  const auto call = parse_invocation(full);
  check_usual(call);
  CHECK(call.key.reveal() == "SECRET1");

  const std::vector<std::string_view> bare = {kAlert, "20", "5", ">", "/dev/null", "2>&1"};
  const auto nothing = parse_invocation(bare);
  CHECK(nothing.key.empty());
  CHECK(nothing.hook_url.empty());
  CHECK(nothing.timeout_s == 20);
  CHECK(nothing.retries == 5);

  const std::vector<std::string_view> debug = {kAlert, kUrl, "debug", kOptions, "20", "5"};
  CHECK(parse_invocation(debug).debug);
}

TEST_CASE("shift: a wrapper that lost the empty alert file") {
  const std::string long_key = "SECRET7890abcdefghij0123456789";
  const auto call = shifted({long_key, kUrl, kOptions, "20", "5"});
  CHECK(call.alert_file.empty());  // a key must not be shown as the name of a file
  CHECK(call.key.reveal() == long_key);
  CHECK(call.hook_url == kUrl);
  const auto url_first = shifted({kUrl, "10", "3"});
  CHECK(url_first.alert_file.empty());
  CHECK(url_first.hook_url == kUrl);
}

TEST_CASE("shift: a URL without a scheme is named, an entity is not decoded") {
  const auto call =
      shifted({kAlert, "SECRET1", "thehive.example:9000", "", kOptions, "20", "5", kEnd});
  CHECK(call.hook_url == "thehive.example:9000");
  CHECK(call.key.reveal() == "SECRET1");
  const std::vector<std::string_view> entity = {kAlert, "K", "http://192.0.2.1/?a=1&amp;b=2", "",
                                                ""};
  CHECK(parse_invocation(entity).hook_url == "http://192.0.2.1/?a=1&amp;b=2");
}

TEST_CASE("shift: only the exact word is debug mode") {
  for (const char* word : {"Debug", "debug2", "xdebug", "DEBUG"}) {
    const std::vector<std::string_view> args = {kAlert, "K", kUrl, word, kOptions, "10", "3"};
    INFO(word);
    CHECK_FALSE(parse_invocation(args).debug);
  }
}

TEST_CASE("shift: by hand with any file name") {
  const std::vector<std::string_view> args = {"sample.json"};
  const auto call = parse_invocation(args);
  CHECK(call.alert_file == "sample.json");
  CHECK(call.remarks.empty());
}
