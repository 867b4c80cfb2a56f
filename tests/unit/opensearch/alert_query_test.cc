// SPDX-License-Identifier: Apache-2.0
#include "opensearch/alert_query.h"

#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::opensearch {
namespace {

json::Document parsed(const AlertQuery& query, AlertForm form = AlertForm::v4) {
  auto document = json::Document::parse(to_json(query, form));
  REQUIRE(document.ok());
  return std::move(*document);
}

}  // namespace

TEST_CASE("without a condition all documents match") {
  CHECK(to_json({}, AlertForm::v4) == R"({"match_all":{}})");
}

TEST_CASE("a window includes documents without a time") {
  AlertQuery query;
  query.since = 1000;
  query.until = 2000;
  const auto document = parsed(query);
  const json::Value either = document.root()["bool"]["filter"].at(0)["bool"]["should"];
  CHECK(either.at(0)["range"]["timestamp"]["gte"].integer() == 1000);
  CHECK(either.at(0)["range"]["timestamp"]["lt"].integer() == 2000);
  CHECK(either.at(1)["bool"]["must_not"]["exists"]["field"].string() == "timestamp");
}

TEST_CASE("rules, agents and text are in the query verbatim, whatever they contain") {
  AlertQuery query;
  query.rules = {"5710", "57\"10"};
  query.agents = {"web-01"};
  query.text = "data.srcip:\"203.0.113.9\"";
  const auto document = parsed(query);
  const json::Value filter = document.root()["bool"]["filter"];
  REQUIRE(filter.size() == 3);
  CHECK(filter.at(0)["terms"]["rule.id"].at(1).string() == "57\"10");
  CHECK(filter.at(1)["bool"]["should"].at(0)["terms"]["agent.name"].at(0).string() == "web-01");
  CHECK(filter.at(1)["bool"]["should"].at(1)["terms"]["agent.id"].at(0).string() == "web-01");
  CHECK(filter.at(2)["query_string"]["query"].string() == query.text);
}

TEST_CASE("an id is that of an alert or of a document") {
  AlertQuery query;
  query.ids = {"1.2", "abc"};
  const auto document = parsed(query);
  const json::Value either = document.root()["bool"]["filter"].at(0)["bool"]["should"];
  CHECK(either.at(0)["terms"]["id"].at(1).string() == "abc");
  CHECK(either.at(1)["terms"]["_id"].at(0).string() == "1.2");
}

TEST_CASE("a level of Wazuh 5 is the words that stand for it and more") {
  AlertQuery query;
  query.level = 10;
  const auto four = parsed(query);
  CHECK(four.root()["bool"]["filter"].at(0)["range"]["rule.level"]["gte"].integer() == 10);
  const auto five = parsed(query, AlertForm::v5);
  const json::Value words = five.root()["bool"]["filter"].at(0)["terms"]["wazuh.rule.level"];
  REQUIRE(words.size() == 2);
  CHECK(words.at(0).string() == "high");
  CHECK(words.at(1).string() == "critical");
  query.level = 1;
  CHECK(parsed(query, AlertForm::v5)
            .root()["bool"]["filter"]
            .at(0)["terms"]["wazuh.rule.level"]
            .size() == 5);
}

}  // namespace socbridge::opensearch
