// SPDX-License-Identifier: Apache-2.0
#include "integration/redacted_invocation.h"

#include <catch2/catch.hpp>

#include "integration/settings.h"

namespace socbridge::integration {

TEST_CASE("only scheme, host and path of a URL are kept") {
  CHECK(url_for_spool("https://thehive.example/hive") == "https://thehive.example/hive");
  CHECK(url_for_spool("https://bob:s3cret@thehive.example:9000/") ==
        "https://thehive.example:9000/");
  CHECK(url_for_spool("http://a@b@thehive.example") == "http://thehive.example");
  CHECK(url_for_spool("https://thehive.example/p?token=s3cret") == "https://thehive.example/p");
  CHECK(url_for_spool("https://thehive.example#s3cret") == "https://thehive.example");
  CHECK(url_for_spool("https://thehive.example/a@b") == "https://thehive.example/a@b");
}

TEST_CASE("a text that is not a URL may be a key and is not kept") {
  CHECK(url_for_spool("s3cretkey") == "");
  CHECK(url_for_spool("") == "");
  CHECK(url_for_spool("ftp://thehive.example") == "");
}

TEST_CASE("redacted invocation: options are kept without secrets") {
  const config::Schema keys = schema();
  const Secret key("s3cretkey");
  CHECK(options_for_spool(R"({"api_key":"s3cretkey","budget_ms":500})", keys, key) ==
        R"({"budget_ms":500})");
  CHECK(options_for_spool(R"({"api_key":"file:/etc/k"})", keys, key) ==
        R"({"api_key":"file:/etc/k"})");
  SECTION("a misspelt name may hold the key") {
    CHECK(options_for_spool(R"({"apikey":"other"})", keys, key) == "{}");
  }
  SECTION("the key in another place is redacted") {
    const std::string kept = options_for_spool(R"({"organisation":"s3cretkey"})", keys, key);
    CHECK(kept.find("s3cretkey") == std::string::npos);
  }
  SECTION("URLs lose their user") {
    CHECK(options_for_spool(R"({"url":"http://u:p@h/"})", keys, key) == R"({"url":"http://h/"})");
  }
  SECTION("comments are allowed, other texts are not kept") {
    CHECK(options_for_spool("{ // x\n \"budget_ms\": 500, }", keys, key) == R"({"budget_ms":500})");
    CHECK(options_for_spool("not json", keys, key) == "");
    CHECK(options_for_spool("[1]", keys, key) == "");
  }
}

}  // namespace socbridge::integration
