// SPDX-License-Identifier: Apache-2.0
#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

TEST_CASE("a row for every key, in the order of the schema") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"tags": ["a"], "api_key": "hunter2"})", "f.json").empty());
  const auto rows = s.explain();
  REQUIRE(rows.size() == example_schema().size());
  CHECK(rows[0].name == "url");
  CHECK(rows[0].value_json == R"("http://127.0.0.1:9000")");
  CHECK(rows[0].origin == "default");
  CHECK(rows[0].doc == "where to send");
  CHECK(rows[3].value_json == "null");
  CHECK(rows[5].value_json == R"(["a"])");
  CHECK(rows[5].origin == "f.json");
  CHECK(rows[8].value_json == R"("[set]")");
  CHECK(rows[8].origin == "f.json");
}

TEST_CASE("a secret that is not set is an empty string") {
  const Settings s(example_schema());
  CHECK(s.explain()[8].value_json == R"("")");
}

TEST_CASE("no row holds a secret") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"api_key": "hunter2"})", "f.json").empty());
  for (const auto& row : s.explain()) {
    CHECK((row.name + row.value_json + row.origin + row.doc).find("hunter2") == std::string::npos);
  }
}
