// SPDX-License-Identifier: Apache-2.0
#include "integration/block_check.h"

#include "block_fixture.h"

namespace socbridge::integration {
namespace {

struct Fixture : test::Home {
  std::string config = "{}";
  bool must_exist = false;
  // "subject state: detail", a line each, without the path of the file.
  std::string listed() const {
    std::string out;
    for (const Finding& one :
         check_blocks(Env::real(), loaded(config), {path(), conf_path(), must_exist})) {
      std::string detail = one.detail;
      for (std::size_t at; (at = detail.find(path() + "/etc/")) != std::string::npos;) {
        detail.erase(at, path().size() + 5);
      }
      out += one.subject + " " + finding_state_name(one.state) + ": " + detail + "\n";
      const bool wrong = one.state == FindingState::error || one.state == FindingState::warning;
      if (wrong) CHECK_FALSE(one.next.empty());
    }
    return out;
  }
  std::string listed(const std::string& elements) const {
    conf(elements);
    return listed();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a complete block is well") {
  CHECK(listed(complete()) == "integration block 1 ok: complete\n");
}

TEST_CASE_METHOD(Fixture, "without the file it depends on whether this is a manager") {
  CHECK_THAT(listed(), Catch::StartsWith("integration block error: "));
  REQUIRE(Env::real().unlink(*this / "integrations/custom-w2thive").ok());
  CHECK_THAT(listed(), Catch::StartsWith("integration block skipped: "));
  CHECK(lacks_manager(Env::real(), {path(), conf_path(), false}));
  must_exist = true;
  CHECK_THAT(listed(), Catch::StartsWith("integration block error: "));
}

TEST_CASE_METHOD(Fixture, "a file without a block says how to name one") {
  CHECK_THAT(listed("<global/>"),
             Catch::Contains("integration block error: ossec.conf: no block named custom-w2thive"));
  conf(block("", "Custom-W2TheHive w2thive"));
  const auto findings = check_blocks(Env::real(), loaded(), {path(), conf_path(), false});
  REQUIRE(findings.size() == 1);
  CHECK_THAT(findings[0].detail, Catch::Contains("ossec.conf:3: "));
  CHECK_THAT(findings[0].next, Catch::Contains("this one has \"Custom-W2TheHive w2thive\""));
}

TEST_CASE_METHOD(Fixture,
                 "without json the block gets no alert, and those behind it damaged ones") {
  const std::string text =
      listed(block("<hook_url>https://x.example:9000</hook_url>\n<api_key>file:" +
                   (*this / "etc/thehive.key") + "</api_key>") +
             complete());
  CHECK_THAT(text, Catch::Contains("integration block 1 error: ossec.conf:2: <alert_format> is not "
                                   "json"));
  CHECK_THAT(text, Catch::Contains("integration block 2 warning: "));
  CHECK_THAT(text, Catch::Contains("a block before it has no <alert_format>json</alert_format>"));
  // Also one of another integration.
  CHECK_THAT(listed(block("", "slack") + complete()), Catch::Contains("a block before it has no"));
}

TEST_CASE_METHOD(Fixture, "a name that no file has is an error of the block") {
  conf(block("<hook_url>https://x.example:9000</hook_url>\n<api_key>file:" +
                 (*this / "etc/thehive.key") + "</api_key>\n<alert_format>json</alert_format>",
             "custom-w2thive-b"));
  CHECK_THAT(listed(),
             Catch::Contains("integrations/custom-w2thive-b: integratord disables the block"));
  write("integrations/custom-w2thive-b", "");
  CHECK(listed() == "integration block 1 ok: complete\n");
}

TEST_CASE_METHOD(Fixture, "a key in the file is detected in the process list") {
  const std::string text =
      listed(block("<hook_url>https://x.example:9000</hook_url>\n<api_key>s3cretkey</api_key>\n"
                   "<alert_format>json</alert_format>"));
  CHECK_THAT(text, Catch::Contains("warning: ossec.conf:5: <api_key> holds the key itself"));
  CHECK(text.find("s3cretkey") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "no URL and no key are errors of their elements") {
  const std::string text = listed(block("<alert_format>json</alert_format>"));
  CHECK_THAT(text, Catch::Contains("integration block 1 error: "));
  CHECK(text.find(" ok: ") == std::string::npos);
  config = R"({"url":"https://x.example:9000","api_key":"file:etc/thehive.key"})";
  CHECK(listed().find(" error: ") == std::string::npos);
}

TEST_CASE_METHOD(Fixture,
                 "what is wrong in the options is said with its line, what is known is not") {
  const std::string text = listed(complete("<options>\n{\"tpl\": 1}</options>"));
  CHECK_THAT(text, Catch::Contains("integration block 1 error: ossec.conf:8:"));
  CHECK_THAT(text, Catch::Contains("tpl"));
  config = R"({"tpl":1})";
  CHECK(listed(complete()).find("tpl") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "of many errors in the options the first are listed, then their number") {
  std::string options = "{";
  for (int i = 0; i < 91; ++i) options += "\"tpl" + std::to_string(i) + "\": 1,\n";
  const std::string text = listed(complete("<options>\n" + options + "}</options>"));
  CHECK_THAT(text, Catch::Contains("\"tpl19\""));
  CHECK(text.find("\"tpl20\"") == std::string::npos);
  CHECK_THAT(text, Catch::Contains(": and 71 more errors\n"));
}

TEST_CASE_METHOD(Fixture, "a min_level above the block's level leaves alerts out") {
  config = R"({"min_level":10})";
  CHECK_THAT(listed(complete("<level>7</level>")),
             Catch::Contains("warning: ossec.conf:7: min_level 10 leaves out lower levels"));
  CHECK(listed(complete("<level>10</level>")) == "integration block 1 ok: complete\n");
  config = R"({"min_level":1})";
  CHECK(listed(complete()) == "integration block 1 ok: complete\n");
}

TEST_CASE_METHOD(Fixture, "values that Wazuh does not write match no block") {
  const std::string off =
      listed("<global><jsonout_output>no</jsonout_output></global>\n" + complete());
  CHECK_THAT(off, Catch::Contains("alerts.json error: ossec.conf:2: <jsonout_output> is off"));
  CHECK_THAT(off, Catch::Contains("integration block 1 skipped: "));
  const std::string high =
      listed("<alerts><log_alert_level>17</log_alert_level></alerts>\n" + complete());
  CHECK_THAT(high,
             Catch::Contains("alerts.json error: ossec.conf:2: <log_alert_level> is above 16"));
  const std::string between = listed("<alerts><log_alert_level>9</log_alert_level></alerts>\n" +
                                     complete("<level>7</level>"));
  CHECK_THAT(between, Catch::Contains("<level> 7 is below <log_alert_level> 9"));
}

TEST_CASE_METHOD(Fixture, "a file that is not valid for Wazuh is one error") {
  write("etc/ossec.conf", "<ossec_config><integration>");
  CHECK_THAT(listed(), Catch::StartsWith("integration block error: "));
  write("etc/ossec.conf", std::string("\0\xff<", 3));
  CHECK_THAT(listed(), Catch::StartsWith("integration block error: "));
}

TEST_CASE_METHOD(Fixture, "a key and URL that are too long for a command line") {
  CHECK_THAT(listed(block("<hook_url>https://x.example/" + std::string(9000, 'x') +
                          "</hook_url>\n<api_key>k</api_key>\n<alert_format>json</alert_format>")),
             Catch::Contains("are too long for integratord's command line"));
}

}  // namespace socbridge::integration
