// SPDX-License-Identifier: Apache-2.0
#include "integration/block_target.h"

#include "block_fixture.h"

namespace socbridge::integration {
namespace {

// "element state: message", a line each.
struct Fixture : test::Home {
  wazuh::IntegrationBlock block;
  Sources sources;

  Fixture() {
    sources.home = path();
    sources.config_file = *this / "etc/w2thive.json";
    sources.options_origin = conf_path();
    url("https://thehive.example:9000");
    sources.key = Secret("file:" + (*this / "etc/thehive.key"));
  }
  void url(const std::string& text) { sources.hook_url = block.hook_url = text; }
  std::string listed() {
    const Loaded own = load(Env::real(), sources);
    std::string out;
    for (const TargetRemark& one :
         check_block_target(Env::real(), {path(), conf_path(), false}, block, own)) {
      CHECK_FALSE(one.next.empty());
      out += one.element + " " + finding_state_name(one.state) + ": " + one.message + "\n";
    }
    return out;
  }
  std::string listed_of(const std::string& text) {
    url(text);
    return listed();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a base URL with a key has no remarks") {
  CHECK(listed().empty());
  CHECK(listed_of("https://thehive.example:9000/").empty());
  CHECK(listed_of("http://thehive.example").empty());
}

TEST_CASE_METHOD(Fixture, "a missing URL or key is an error of its element") {
  url("");
  CHECK_THAT(listed(), Catch::StartsWith("hook_url error: "));
  url("https://thehive.example:9000");
  sources.key = Secret("");
  CHECK_THAT(listed(), Catch::StartsWith("api_key error: "));
}

TEST_CASE_METHOD(Fixture, "a path is an API, a page, or perhaps right") {
  for (const char* api : {"/api", "/api/v1", "/hive/API/alert"}) {
    CHECK_THAT(listed_of("https://thehive.example:9000" + std::string(api)),
               Catch::StartsWith("hook_url error: the URL has the path ") &&
                   Catch::Contains("which is TheHive's API"));
  }
  CHECK_THAT(listed_of("https://thehive.example:9000/index.html"),
             Catch::Contains("hook_url error: the URL has the path /index.html, a page"));
  CHECK_THAT(listed_of("https://thehive.example:9000/hive"),
             Catch::Contains("hook_url warning: the URL has the path /hive"));
  CHECK_THAT(listed_of("https://thehive.example:9000/apis"), Catch::Contains("warning"));
}

TEST_CASE_METHOD(Fixture, "a remark names the place of the setting") {
  write("etc/w2thive.json", R"({"url":"https://thehive.example:9000/api"})");
  CHECK_THAT(listed(), Catch::StartsWith(" error: ") && Catch::Contains("w2thive.json"));
  write("etc/w2thive.json", "{}");
  sources.options_json = R"({"url":"https://thehive.example:9000/api"})";
  CHECK_THAT(listed(), Catch::StartsWith("options error: the URL has the path /api"));
}

TEST_CASE_METHOD(Fixture, "a blank inside of the URL cuts it in two") {
  sources.hook_url = "https://thehive.example:9000";
  block.hook_url = "https://thehive.example:9000 x";
  CHECK_THAT(listed(), Catch::Contains("a blank in <hook_url> splits it"));
  block.hook_url = " https://thehive.example:9000 ";
  CHECK(listed().empty());
}

TEST_CASE_METHOD(Fixture, "a machine's own address without a port is tried, others are not asked") {
  // No server of a test listens on port 443 of these loopback addresses.
  for (const char* host : {"127.77.66.55", "127.255.255.254"}) {
    CAPTURE(host);
    CHECK_THAT(listed_of("https://" + std::string(host)),
               Catch::Contains("the URL has no port, and nothing listens on " + std::string(host) +
                               ":443"));
  }
  CHECK(listed_of("https://127.77.66.55:443").empty());
  CHECK(listed_of("https://192.0.2.1").empty());
  CHECK(listed_of("https://128.0.0.1").empty());
  write("etc/w2thive.json", R"({"proxy":"http://proxy.example:3128"})");
  CHECK(listed_of("https://127.77.66.55").empty());
}

TEST_CASE_METHOD(Fixture, "a missing CA is an error at the setting that names it") {
  write("etc/w2thive.json", R"({"ca_file":"etc/none.pem"})");
  CHECK_THAT(listed(), Catch::Contains("none.pem"));
  CHECK(listed_of("http://thehive.example:9000").empty());  // it is not used
  write("etc/none.pem", "x");
  CHECK(listed_of("https://thehive.example:9000").empty());
}

TEST_CASE_METHOD(Fixture, "a key in the options is visible in /tmp") {
  sources.options_json = R"({"api_key":"s3cret"})";
  CHECK_THAT(listed(), Catch::Contains("options error: api_key in <options>"));
  sources.options_json = R"({"api_key":"file:etc/thehive.key"})";
  CHECK(listed().find("api_key in <options>") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "references of XML are not decoded: errors where a value is looked up") {
  sources.options_json = block.options = R"({"organisation":"a&amp;b"})";
  CHECK_THAT(listed(), Catch::StartsWith("options error: organisation holds a reference"));
  sources.options_json = block.options = R"({"title":"a&lt;b"})";
  CHECK_THAT(listed(), Catch::StartsWith("options warning: <options> holds a reference"));
  sources.options_json = block.options = R"({"title":"a & b"})";
  CHECK(listed().empty());
  block.group = "a&#44;b";
  block.event_location = "x&quot;";
  CHECK_THAT(listed(), Catch::Contains("group warning: <group> holds") &&
                           Catch::Contains("event_location warning: <event_location> holds"));
}

TEST_CASE_METHOD(Fixture, "a key with a reference is another key, unless it is in a file") {
  block.api_key = Secret("a&amp;b");
  sources.key = Secret("a&amp;b");
  const std::string text = listed();
  CHECK_THAT(text, Catch::Contains("api_key error: <api_key> holds a reference"));
  CHECK(text.find("a&amp;b") == std::string::npos);
  sources.key = Secret("file:" + (*this / "etc/thehive.key"));
  CHECK(listed().empty());
}

}  // namespace socbridge::integration
