// SPDX-License-Identifier: Apache-2.0
#include "integration/config_check.h"

#include "block_fixture.h"

namespace socbridge::integration {
namespace {

struct Fixture : test::Home {
  // "state: detail" of the rows of a subject, a line each.
  std::string rows_of(const std::string& subject, const std::string& config) const {
    std::string out;
    for (const Finding& one : check_config(Env::real(), loaded(config), path(), "")) {
      if (one.subject != subject) continue;
      out += std::string(finding_state_name(one.state)) + ": " + one.detail + "\n";
    }
    return out;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a URL or key that is not in the file may be in the block") {
  for (const char* none : {"{}", R"({"url":"","api_key":""})"}) {
    CHECK(rows_of("url", none) == "warning: no url in the configuration\n");
    CHECK(rows_of("key", none) == "warning: no api_key in the configuration\n");
    CHECK(rows_of("ca", none) == "skipped: the url is not https\n");
  }
}

TEST_CASE_METHOD(Fixture, "a wrong URL is not reported as missing") {
  for (const char* wrong :
       {R"({"url":"https://u:s3cr3t@x"})", R"({"url":"nowhere:x"})", R"({"url":5})"}) {
    INFO(wrong);
    const std::string said = rows_of("configuration", wrong);
    CHECK_THAT(said, Catch::Contains("url"));
    CHECK(said.find("s3cr3t") == std::string::npos);
    CHECK(rows_of("url", wrong).empty());
    CHECK(rows_of("ca", wrong).empty());
  }
}

TEST_CASE_METHOD(Fixture, "a wrong key or key file is not reported as missing") {
  for (const char* wrong : {R"({"api_key":"file:etc/none.key"})", R"({"api_key":5})"}) {
    INFO(wrong);
    CHECK_THAT(rows_of("configuration", wrong), Catch::Contains("api_key"));
    CHECK(rows_of("key", wrong).empty());
  }
}

TEST_CASE_METHOD(Fixture, "a destination that inherits a wrong URL or key does not report it") {
  const std::string row = R"(,"destinations":{"a":{"organisation":"o"}}})";
  CHECK(rows_of("destination a", R"({"url":5)" + row).empty());
  CHECK(rows_of("destination a", R"({"url":"https://x","api_key":5)" + row).empty());
  CHECK(rows_of("destination a", R"({"url":"https://u:p@x","api_key":"k3y")" + row).empty());
  CHECK_THAT(rows_of("destination a", R"({"api_key":"k3y")" + row),
             Catch::StartsWith("warning: no URL for destination a"));
}

}  // namespace socbridge::integration
