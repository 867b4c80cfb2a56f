// SPDX-License-Identifier: Apache-2.0
#include "health/thresholds.h"

#include <catch2/catch.hpp>

#include "config/error_list.h"
#include "json/value.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kHour = 3600000, kDay = 24 * kHour;

std::vector<Status> read(Thresholds& out, const std::string& section) {
  const test::TempDir dir;
  profile::Flags flags;
  flags.config_file = dir.write("config.json", "{\n\"health\": " + section + "\n}");
  return out.read(Env::real(), flags, {});
}

}  // namespace

TEST_CASE("a value is evaluated on the side that is bad") {
  Threshold age{"a", "b", Threshold::Unit::duration, Threshold::Bad::above, 10, 20, ""};
  CHECK(age.evaluate(10) == State::ok);
  CHECK(age.evaluate(11) == State::degraded);
  CHECK(age.evaluate(21) == State::down);
  Threshold left{"a", "b", Threshold::Unit::duration, Threshold::Bad::below, 20, 10, ""};
  CHECK(left.evaluate(20) == State::ok);
  CHECK(left.evaluate(19) == State::degraded);
  CHECK(left.evaluate(9) == State::down);
  left.degraded = left.down = Threshold::kNever;
  CHECK(left.evaluate(-100) == State::ok);
}

TEST_CASE("a duplicate name is reported, the first value is used") {
  Thresholds out;
  const std::vector<Status> wrong =
      read(out, R"({"thehive": {"licence": {"down": "1d", "down": "2d"}, "licence": {}},
    "cortex": {}, "cortex": {"nope": 1}})");
  REQUIRE(wrong.size() == 3);
  CHECK_THAT(wrong[0].line(),
             Catch::EndsWith(":2:50: health.thehive.licence.down is given twice; remove one of "
                             "them"));
  CHECK_THAT(wrong[1].message(), Catch::EndsWith(": health.thehive.licence is given twice"));
  CHECK_THAT(wrong[2].message(), Catch::EndsWith(":3:19: health.cortex is given twice"));
  CHECK(out.of("thehive", "licence").down == kDay);
}

TEST_CASE("the section of the configuration wins over the defaults, and flags over both") {
  Thresholds out;
  CHECK(out.of("thehive", "licence").degraded == 14 * kDay);
  const std::vector<Status> wrong = read(out, R"({
    "thehive": {"licence": {"degraded": "30d", "down": "2d"}, "answer": {"down": "8s"}},
    "opensearch": {"alerts index": {"degraded": "never"}, "refused documents": {"degraded": 5}},
    "wazuh": {"spool dead": {"degraded": 3, "down": 100}}})");
  CHECK(wrong.empty());
  CHECK(out.of("thehive", "licence").degraded == 30 * kDay);
  CHECK(out.of("thehive", "licence").down == 2 * kDay);
  CHECK(out.of("thehive", "answer").degraded == 2000);
  CHECK(out.of("opensearch", "alerts index").degraded == Threshold::kNever);
  CHECK(out.of("opensearch", "refused documents").degraded == 5);
  CHECK(out.of("wazuh", "spool dead").down == 100);
  out.set_slow(9000);
  CHECK(out.of("thehive", "answer").degraded == 9000);
  CHECK(out.of("thehive", "answer").down == 9000);  // not before it is degraded
  out.set_fresh(kHour / 2);
  CHECK(out.of("opensearch", "alerts index").degraded == kHour / 2);
}

TEST_CASE("thresholds: an error names its position") {
  struct Case {
    const char* section;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {R"({"thehiv": {}})", "config.json:2:12: health: unknown key \"thehiv\"",
       "did you mean \"thehive\"?"},
      {R"({"thehive": {"license": {}}})", ": health.thehive: unknown key \"license\"",
       "did you mean \"licence\"?"},
      {R"({"thehive": {"licence": {"warn": "1d"}}})", "unknown key \"warn\"",
       "known are degraded, down"},
      {R"({"thehive": {"licence": "14d"}})", "must be an object with degraded, down or both", ""},
      {R"({"thehive": "14d"})", "2:12: health: \"thehive\" must be an object of checks", ""},
      {R"({"": 1})", "config.json:2:12: health: unknown key \"\"", "known are wazuh, thehive"},
      {R"({"thehive": {"": {}}})", ":2:24: health.thehive: unknown key \"\"", "known are answer"},
      {R"({"thehive.answer": 1})", ":2:12: health: unknown key \"thehive.answer\"", ""},
      {R"({"a/b~c": 1})", ":2:12: health: unknown key \"a/b~c\"", ""},
      {R"({"thehive": {"licence": {"degraded": 14}}})",
       "\"degraded\" of thehive licence cannot be 14",
       "write a time such as \"90s\" or \"14d\", or \"never\""},
      {R"({"thehive": {"licence": {"degraded": "soon"}}})", "cannot be \"soon\"", "write a time"},
      {R"({"wazuh": {"spool dead": {"down": "3"}}})", "cannot be \"3\"", "write a whole number"},
      {R"({"opensearch": {"refused documents": {"down": 101}}})", "cannot be 101", "from 0 to 100"},
      {R"({"cortex": {"answer": {"down": "1s"}}})",
       "cortex answer would be down (1s) before it is degraded (2s)", "give down the larger value"},
      {R"({"thehive": {"licence": {"down": "20d"}}})",
       "thehive licence would be down (20d) before it is degraded (14d)",
       "give down the smaller value"},
  };
  for (const Case& one : cases) {
    Thresholds out;
    const std::vector<Status> wrong = read(out, one.section);
    CAPTURE(one.section);
    REQUIRE(wrong.size() == 1);
    const Status& got = wrong.front();
    CAPTURE(got.line());
    CHECK(got.code() == ExitCode::usage);
    CHECK(got.message().find(one.message) != std::string::npos);
    CHECK(got.hint().find(one.hint) != std::string::npos);
  }
}

TEST_CASE("each mistake is reported, not only the first") {
  Thresholds out;
  const std::vector<Status> wrong = read(out, R"({
    "thehiv": {},
    "thehive": {"license": {}, "licence": {"degraded": 14, "down": "soon", "warn": "1d"}},
    "cortex": {"answer": {"down": "1s"}, "last job": "1h"},
    "opencti": [],
    "wazuh": {"spool dead": {"degraded": 3}}})");
  std::string all;
  for (const Status& one : wrong) {
    CHECK(one.code() == ExitCode::usage);
    all += one.message().substr(one.message().find(".json:") + 6) + "\n";
  }
  CHECK(all ==
        "3:5: health: unknown key \"thehiv\"\n"
        "4:17: health.thehive: unknown key \"license\"\n"
        "4:44: \"degraded\" of thehive licence cannot be 14\n"
        "4:60: \"down\" of thehive licence cannot be \"soon\"\n"
        "4:76: health.thehive.licence: unknown key \"warn\"\n"
        "5:16: cortex answer would be down (1s) before it is degraded (2s)\n"
        "5:42: health.cortex: \"last job\" must be an object with degraded, down or both\n"
        "6:5: health: \"opencti\" must be an object of checks\n");
  CHECK(out.of("wazuh", "spool dead").degraded == 3);
}

TEST_CASE("a duplicate name is reported at its second position, the first value is used") {
  Thresholds out;
  const std::vector<Status> wrong = read(out, R"({
    "thehive": {"answer": {"degraded": "1s"}},
    "cortex": {"answer": {"degraded": "1s"}, "answer": {"degraded": "3s"}},
    "thehive": {"answer": {"degraded": "x"}},
    "thehive": 7,
    "wazuh": {"answer": {"down": "8s",
                         "down": "9s"}}})");
  std::string all;
  for (const Status& one : wrong) {
    CHECK(one.hint() == "remove one of them");
    all += one.message().substr(one.message().find(".json:") + 6) + "\n";
  }
  CHECK(all ==
        "4:46: health.cortex.answer is given twice\n"
        "5:5: health.thehive is given twice\n"
        "6:5: health.thehive is given twice\n"
        "8:26: health.wazuh.answer.down is given twice\n");
  CHECK(out.of("thehive", "answer").degraded == 1000);
  CHECK(out.of("cortex", "answer").degraded == 1000);
  CHECK(out.of("wazuh", "answer").down == 8000);
}

TEST_CASE("of very many mistakes the first are listed, with a note that more follow") {
  std::string section = "{\"thehive\": {";
  for (int i = 0; i < 6000; ++i) section += "\"unknown" + std::to_string(i) + "\": {},\n";
  section += "\"answer\": {\"degraded\": \"1s\"}}, \"cortex\": 7}";
  Thresholds out;
  const std::vector<Status> wrong = read(out, section);
  REQUIRE(wrong.size() == config::kMostErrors + 1);
  CHECK(wrong[0].message().find(":2:24: ") != std::string::npos);
  CHECK(wrong[99].message().find("unknown99") != std::string::npos);
  CHECK(wrong[100].message().ends_with("config.json: more errors follow"));
}

TEST_CASE("a text for each value, which the section accepts") {
  const Thresholds out;
  CHECK(threshold_text(out.of("thehive", "licence"), 14 * kDay) == "14d");
  CHECK(threshold_text(out.of("thehive", "licence"), 90 * 60000) == "90m");
  CHECK(threshold_text(out.of("thehive", "licence"), 0) == "0ms");
  CHECK(threshold_text(out.of("thehive", "licence"), Threshold::kNever) == "never");
  CHECK(threshold_text(out.of("wazuh", "spool dead"), 5) == "5");
}

TEST_CASE("no default is down before it is degraded, and there are no duplicates") {
  const Thresholds out;
  for (const Threshold& one : out.all()) {
    CAPTURE(one.name());
    CHECK(&out.of(one.component, one.check) == &one);
    CHECK(one.degraded != Threshold::kNever);
    CHECK(one.down == Threshold::kNever);
    CHECK_FALSE(one.meaning.empty());
  }
}

}  // namespace socbridge::health
