// SPDX-License-Identifier: Apache-2.0
#include "cortex/query.h"

#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::cortex {

TEST_CASE("a search without conditions fits every job") {
  CHECK(query_of({}) == R"({"_and":[{"_any":"*"}]})");
}

TEST_CASE("each condition of a search for jobs has its operator") {
  JobFilter filter;
  filter.type = "ip";
  filter.status = "Success";
  filter.analyzer_ids = {"a1", "b2"};
  filter.since = 1000;
  filter.until = 2000;
  CHECK(query_of(filter) == R"({"_and":[{"_any":"*"},{"_field":"dataType","_value":"ip"},)"
                            R"({"_field":"status","_value":"Success"},)"
                            R"({"_in":{"_field":"workerId","_values":["a1","b2"]}},)"
                            R"({"_gte":{"createdAt":1000}},{"_lte":{"createdAt":2000}}]})");
}

TEST_CASE("the value is not searched for, as Cortex cannot") {
  JobFilter filter;
  filter.value = "203.0.113.7";
  CHECK(query_of(filter).find("203.0.113.7") == std::string::npos);
}

TEST_CASE("a hostile type stays one JSON string of the search") {
  JobFilter filter;
  filter.type = "ip\"},{\"_any\":\"*\n";
  const auto document = json::Document::parse(query_of(filter));
  REQUIRE(document.ok());
  CHECK(document->root()["_and"].size() == 2);
  CHECK(document->root()["_and"].at(1)["_value"].string() == filter.type);
}

TEST_CASE("the state of a job is named in any case") {
  CHECK(*parse_status("inprogress") == JobStatus::in_progress);
  CHECK(*parse_status("InProgress") == JobStatus::in_progress);
  CHECK(*parse_status("WAITING") == JobStatus::waiting);
  CHECK(*parse_status("deleted") == JobStatus::deleted);
}

TEST_CASE("a state that no job has is a mistake of the user, with the nearest name") {
  const Status near = parse_status("Sucess").status();
  CHECK(near.code() == ExitCode::usage);
  CHECK(near.line() == "there is no job status \"Sucess\"; did you mean Success?");
  for (const char* text : {"", "Unknown", "zzzzzzzz"}) {
    const Status far = parse_status(text).status();
    CHECK(far.code() == ExitCode::usage);
    CHECK(far.hint() == "known are Waiting, InProgress, Success, Failure, Deleted");
  }
  CHECK(parse_status("\x1b[2J").status().message().find('\x1b') == std::string::npos);
}

}  // namespace socbridge::cortex
