// SPDX-License-Identifier: Apache-2.0
// Values of flags and environment variables.
#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

namespace {
std::string text_error(std::string_view name, std::string_view text) {
  Settings s(example_schema());
  const Status status = s.add_text(name, text, "SOCCTL_X");
  if (!status.ok()) CHECK(status.code() == ExitCode::usage);
  return status.line();
}
}  // namespace

TEST_CASE("every kind is read from text") {
  Settings s(example_schema());
  CHECK(s.add_text("url", "https://d.example/\"quoted\"", "--url").ok());
  CHECK(s.text("url") == "https://d.example/\"quoted\"");
  CHECK(s.add_text("version", "5", "--v").ok());
  CHECK(s.text("version") == "5");
  CHECK(s.add_text("budget_ms", " 0200 ", "--b").ok());
  CHECK(s.integer("budget_ms") == 200);
  CHECK(s.add_text("offset", "-12", "--o").ok());
  CHECK(s.integer("offset") == -12);
  CHECK(s.add_text("tags", "a, b c,,d ", "--t").ok());
  CHECK(s.list("tags") == std::vector<std::string>{"a", "b c", "d"});
  CHECK(s.add_text("tags", "", "--t").ok());
  CHECK(s.list("tags").empty());
  CHECK(s.add_text("sources", R"([{"path":"x"}])", "--s").ok());
  CHECK(s.json("sources").at(0)["path"].string() == "x");
  CHECK(s.add_text("severity", R"({"5":2})", "--s").ok());
  CHECK(s.json("severity")["5"].integer() == 2);
  CHECK(s.add_text("api_key", "k\xFF", "--k").ok());
  CHECK(s.secret("api_key").reveal() == "k\xFF");
  CHECK(s.origin("api_key") == "--k");
}

TEST_CASE("settings text: booleans have six spellings") {
  Settings s(example_schema());
  for (const char* text : {"true", "1", "yes", "TRUE", "Yes"}) {
    CHECK(s.add_text("procedures", "no", "x").ok());
    CHECK(s.add_text("procedures", text, "x").ok());
    CHECK(s.boolean("procedures"));
  }
  for (const char* text : {"false", "0", "no", "NO"}) {
    CHECK(s.add_text("procedures", "yes", "x").ok());
    CHECK(s.add_text("procedures", text, "x").ok());
    CHECK_FALSE(s.boolean("procedures"));
  }
}

TEST_CASE("texts of a wrong form are errors and change nothing") {
  CHECK(text_error("budget_ms", "5") == "SOCCTL_X: budget_ms must be 100 to 60000 (is 5)");
  CHECK(text_error("budget_ms", "3s") == "SOCCTL_X: budget_ms must be a whole number (is \"3s\")");
  CHECK(text_error("offset", "99999999999999999999").find("whole number") != std::string::npos);
  CHECK(text_error("offset", "-99999999999999999999").find("whole number") != std::string::npos);
  CHECK(text_error("offset", "--1").find("whole number") != std::string::npos);
  CHECK(text_error("procedures", "maybe") ==
        "SOCCTL_X: procedures must be true or false (is \"maybe\")");
  CHECK(text_error("version", "6") ==
        "SOCCTL_X: version must be one of auto, 4, 5 (is \"6\"); did you mean \"4\"?");
  CHECK(text_error("sources", "{}") == "SOCCTL_X: sources must be an array (is an object)");
  CHECK(text_error("sources", "[").find("must be an array (is \"[\")") != std::string::npos);
  CHECK(text_error("spool", "x") ==
        "SOCCTL_X: unknown key \"spool\"; known are url, version, budget_ms, offset, procedures, "
        "tags, sources, severity, api_key, spool_dir");
  CHECK(text_error("urll", "x") == "SOCCTL_X: unknown key \"urll\"; did you mean \"url\"?");
}
