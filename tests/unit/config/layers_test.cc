// SPDX-License-Identifier: Apache-2.0
#include "schema.h"

using namespace socbridge::config;

TEST_CASE("defaults apply before any layer") {
  const Settings s(example_schema());
  CHECK(s.text("url") == "http://127.0.0.1:9000");
  CHECK(s.integer("budget_ms") == 3000);
  CHECK(s.boolean("procedures"));
  CHECK(s.list("tags") == std::vector<std::string>{"wazuh"});
  CHECK(s.json("sources").is_array());
  CHECK(s.json("severity")["7"].integer() == 1);
  CHECK(s.secret("api_key").empty());
  CHECK(s.origin("url") == "default");
  CHECK(s.position("url").empty());
  CHECK(s.integer("offset") == 0);
  CHECK(s.json("offset").missing());
}

TEST_CASE("a later layer wins, key by key") {
  Settings s(example_schema());
  CHECK(s.add_json("{\n  // local\n  \"url\": \"https://a.example\",\n  \"budget_ms\": 500,\n}",
                   "f.json")
            .empty());
  CHECK(s.add_json(R"({"budget_ms": 700, "tags": ["x", "y"]})", "options").empty());
  CHECK(s.add_text("procedures", "no", "--procedures").ok());
  CHECK(s.text("url") == "https://a.example");
  CHECK(s.origin("url") == "f.json");
  CHECK(s.position("url") == "3:3");
  CHECK(s.integer("budget_ms") == 700);
  CHECK(s.origin("budget_ms") == "options");
  CHECK(s.position("budget_ms") == "1:2");
  CHECK(s.list("tags") == std::vector<std::string>{"x", "y"});
  CHECK_FALSE(s.boolean("procedures"));
  CHECK(s.origin("procedures") == "--procedures");
  CHECK(s.position("procedures").empty());
  CHECK(s.origin("spool_dir") == "default");
}

TEST_CASE("nested values are given as JSON") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"sources": [{"path": "data.srcip"}], "severity": {"3": 1}})", "f.json")
            .empty());
  CHECK(s.json("sources").at(0)["path"].string() == "data.srcip");
  CHECK(s.json("severity").size() == 1);
}

TEST_CASE("settings keep their values when they are moved") {
  Settings a(example_schema());
  CHECK(a.add_json(R"({"url": "https://b.example", "api_key": "k1"})", "f.json").empty());
  const Settings b = std::move(a);
  CHECK(b.text("url") == "https://b.example");
  CHECK(b.secret("api_key").reveal() == "k1");
  CHECK(b.position("api_key") == "1:30");
}

TEST_CASE("secrets are read by secret() only") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"api_key": "hunter2"})", "f.json").empty());
  CHECK(s.secret("api_key").reveal() == "hunter2");
  CHECK(s.text("api_key").empty());
  CHECK(s.json("api_key").missing());
  CHECK(s.secret("url").empty());
}

TEST_CASE("unknown names return an empty value") {
  const Settings s(example_schema());
  CHECK(s.text("nope").empty());
  CHECK(s.integer("nope") == 0);
  CHECK_FALSE(s.boolean("nope"));
  CHECK(s.list("nope").empty());
  CHECK(s.secret("nope").empty());
  CHECK(s.origin("nope").empty());
  CHECK(s.position("nope").empty());
}

TEST_CASE("an error keeps the valid keys of the layer and the older value of the wrong one") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"budget_ms": 400})", "one").empty());
  CHECK(s.add_json(R"({"budget_ms": 5, "url": "https://c.example", "what": 1})", "two").size() ==
        2);
  CHECK(s.integer("budget_ms") == 400);
  CHECK(s.origin("budget_ms") == "one");
  CHECK(s.text("url") == "https://c.example");
}

TEST_CASE("a text that is not JSON changes nothing") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"budget_ms": 400, "url": })", "f.json").size() == 1);
  CHECK(s.integer("budget_ms") == 3000);
}
