// SPDX-License-Identifier: Apache-2.0
#include "integration/destination_table.h"

#include <catch2/catch.hpp>

#include "integration/config_schema.h"
#include "integration/redacted_invocation.h"
#include "integration/settings.h"

namespace socbridge::integration {
namespace {

const thehive::Endpoint kTop = {"http://top.example", Secret("topkey"), "soc"};

// All lines from reading the table, `rows` afterwards.
std::vector<std::string> read(const std::string& json, std::vector<DestinationRow>& rows,
                              const std::string& origin = "f.json") {
  config::Settings values(schema());
  REQUIRE(values.add_json(json, origin).empty());
  std::vector<Status> errors;
  rows = read_destinations(values, "<options>", kTop, errors);
  std::vector<std::string> out;
  for (const Status& error : errors) {
    CHECK(error.code() == ExitCode::usage);
    out.push_back(error.line());
  }
  return out;
}

std::string first_error(const std::string& json, const std::string& origin = "f.json") {
  std::vector<DestinationRow> rows;
  const auto lines = read(json, rows, origin);
  REQUIRE(lines.size() == 1);
  return lines.front();
}

}  // namespace

TEST_CASE("a destination has its own values, else the top-level URL") {
  std::vector<DestinationRow> rows;
  CHECK(read(R"({"destinations":{"acme":{"organisation":"acme"},
    "beta":{"url":"https://beta.example/hive/","api_key":"file:etc/beta.key"}}})",
             rows)
            .empty());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].name == "acme");
  CHECK(rows[0].url == "http://top.example");
  CHECK(rows[0].organisation == "acme");
  CHECK_FALSE(rows[0].own_url);
  CHECK(rows[1].url == "https://beta.example/hive");
  CHECK(rows[1].organisation.empty());  // not that of the top: it is another TheHive
  CHECK(rows[1].own_url);
}

TEST_CASE("each mistake is one line with its place") {
  CHECK(first_error(R"({"destinations":{}})") ==
        "f.json:1:2: destinations is empty; add at least one, or remove it");
  CHECK_THAT(first_error(R"({"destinations":{"default":{"organisation":"a"}}})"),
             Catch::Contains("\"default\" is not a valid destination name; default is the"));
  CHECK_THAT(first_error(R"({"destinations":{"a b":{"organisation":"a"}}})"),
             Catch::Contains("\"a b\" is not a valid destination name"));
  CHECK_THAT(first_error(R"({"destinations":{"../x":{"organisation":"a"}}})"),
             Catch::Contains("is not a valid destination name"));
  CHECK_THAT(first_error(R"({"destinations":{"acme":5}})"),
             Catch::Contains("destinations.acme must be an object"));
  CHECK_THAT(first_error("{\n\"destinations\":{\"acme\":{\n\"organization\":\"a\"}}}"),
             Catch::StartsWith("f.json:3:1: destinations.acme: unknown key \"organization\""));
  CHECK_THAT(first_error(R"({"destinations":{"acme":{"url":"https://acme.example"}}})"),
             Catch::Contains("destinations.acme has a url of its own, and no api_key"));
  CHECK_THAT(first_error(R"({"destinations":{"acme":{"api_key":"k"}}})"),
             Catch::Contains("has the same TheHive and organisation as default"));
  CHECK_THAT(first_error(R"({"destinations":{"acme":{}}})"), Catch::Contains("as default"));
  CHECK_THAT(first_error(R"({"destinations":{"a":{"organisation":"x"},
                              "b":{"organisation":"x","api_key":"k"}}})"),
             Catch::Contains("destinations.b has the same TheHive and organisation as a"));
  CHECK_THAT(first_error(R"({"destinations":{"a":{"organisation":"x"},"a":{"organisation":"y"}}})"),
             Catch::Contains("destinations.a is given twice"));
  CHECK_THAT(first_error(R"({"destinations":{"a":{"organisation":"{agent.name}"}}})"),
             Catch::Contains("1:23: destinations.a.organisation must not be a template"));
  CHECK_THAT(first_error(R"({"destinations":{"a":{"organisation":"x\r\nY: z"}}})"),
             Catch::Contains("organisation holds control characters"));
  CHECK_THAT(first_error(R"({"destinations":{"acme":{"organisation":"a"}}})", "<options>"),
             Catch::Contains("is not allowed in <options>"));
}

TEST_CASE("stored options contain no destinations") {
  CHECK(options_for_spool(R"({"destinations":{"a":{"api_key":"hunter2"}},"min_level":3})", schema(),
                          Secret("k")) == R"({"min_level":3})");
}

TEST_CASE("destination table: names") {
  CHECK(is_destination_name("acme-2.eu_west"));
  CHECK(is_destination_name(std::string(64, 'a')));
  for (const char* bad : {"", "default", "?", "a/b", "\xc3\xa4", "a\n"}) {
    CHECK_FALSE(is_destination_name(bad));
  }
  CHECK_FALSE(is_destination_name(std::string(65, 'a')));
}

}  // namespace socbridge::integration
