// SPDX-License-Identifier: Apache-2.0
#include "stream/technique_task.h"

#include <catch2/catch.hpp>

namespace socbridge::stream {
namespace {

TechniqueTask sample() {
  TechniqueTask out;
  out.opencti_id = "uuid";
  out.indicator = "indicator--1";
  out.subject = thehive::Subject::alert("~7");
  out.due_ms = 1795000000000;
  out.markings = {"TLP:RED", "a\"b\n"};
  return out;
}

}  // namespace

TEST_CASE("a task is read back as written, in one line") {
  for (const bool of_case : {false, true}) {
    TechniqueTask task = sample();
    if (of_case) task.subject = thehive::Subject::of_case("~42");
    const std::string line = task.json();
    CHECK(line.find('\n') == std::string::npos);
    const auto back = TechniqueTask::read(line);
    REQUIRE(back.ok());
    CHECK(back->opencti_id == "uuid");
    CHECK(back->indicator == "indicator--1");
    CHECK(back->subject.kind == task.subject.kind);
    CHECK(back->subject.id == task.subject.id);
    CHECK(back->due_ms == 1795000000000);
    CHECK(back->markings == task.markings);
    CHECK(back->json() == line);
  }
}

TEST_CASE("technique task: an invalid line is bad input") {
  for (const char* line :
       {"", "{", "[]", "7", "null", "{}", R"({"opencti_id":"u"})", R"({"alert":"~7"})",
        R"({"opencti_id":"","alert":"~7"})", R"({"opencti_id":"u","alert":7,"case":["~1"]})",
        R"({"opencti_id":5,"alert":"~7"})", "\xff"}) {
    CAPTURE(line);
    const auto read = TechniqueTask::read(line);
    REQUIRE_FALSE(read.ok());
    CHECK(read.status().code() == ExitCode::bad_input);
  }
}

TEST_CASE("missing members and wrong types are empty, unknown members are ignored") {
  const auto read = TechniqueTask::read(
      R"({"opencti_id":"u","case":"~1","due_ms":"soon","indicator":null,"markings":[5,"x"],"new":1})");
  REQUIRE(read.ok());
  CHECK(read->due_ms == 0);
  CHECK(read->indicator.empty());
  CHECK(read->markings == std::vector<std::string>{"", "x"});
  CHECK(TechniqueTask::read(R"({"opencti_id":"u","case":"~1","markings":{"a":"b"}})").ok());
}

TEST_CASE("technique task: an alert counts before a case") {
  const auto read = TechniqueTask::read(R"({"opencti_id":"u","case":"~1","alert":"~2"})");
  REQUIRE(read.ok());
  CHECK(read->subject.kind == thehive::Subject::Kind::alert);
  CHECK(read->subject.id == "~2");
}

TEST_CASE("tasks of an alert and of a case are read back") {
  for (const auto& subject : {thehive::Subject::alert("~1"), thehive::Subject::of_case("~2")}) {
    const auto task = TechniqueTask::read(
        TechniqueTask{"uuid", "indicator--1", subject, 5, {"TLP:AMBER", "TLP:RED"}}.json());
    REQUIRE(task.ok());
    CHECK((task->opencti_id == "uuid" && task->indicator == "indicator--1" && task->due_ms == 5));
    CHECK(task->markings == std::vector<std::string>{"TLP:AMBER", "TLP:RED"});
    CHECK((task->subject.kind == subject.kind && task->subject.id == subject.id));
  }
  CHECK_FALSE(TechniqueTask::read(R"({"opencti_id":"x"})").ok());
}

}  // namespace socbridge::stream
