// SPDX-License-Identifier: Apache-2.0
// Every format of the same records; streamed output equals the complete document.
#include "term/records.h"

#include <catch2/catch.hpp>

#include "json/value.h"
#include "json/writer.h"

namespace socbridge::term {
namespace {

const std::vector<std::string> kObjects = {
    R"({"id":"a","list":[],"nested":{"x":[1,2,{"y":null}]},"text":"two\nlines, \"quoted\""})",
    R"({"id":"b","empty":{}})", R"("only text")", R"([1,[2]])", R"({"id":"c"})"};

std::string written(Format format, std::size_t count, Terminal terminal = {}) {
  std::string out;
  Records records(format, terminal, {"ID", "TEXT"}, [&](std::string_view text) { out += text; });
  for (std::size_t i = 0; i < count; ++i) {
    records.add({{"id" + std::to_string(i)}, {"text"}}, kObjects[i]);
  }
  records.finish("Nothing.");
  return out;
}

std::string array(std::size_t count) {
  std::string all = "[";
  for (std::size_t i = 0; i < count; ++i) all += (i == 0 ? "" : ",") + kObjects[i];
  return all + "]";
}

}  // namespace

TEST_CASE("json and yaml written one by one equal the complete list") {
  for (std::size_t count = 0; count <= kObjects.size(); ++count) {
    INFO(count);
    CHECK(written(Format::json, count) == json::pretty(array(count)) + "\n");
    const auto document = json::Document::parse(array(count));
    REQUIRE(document.ok());
    CHECK(written(Format::yaml, count) == json::to_yaml(document->root()));
  }
}

TEST_CASE("jsonl and plain have one line for each record, a table also a header") {
  CHECK(written(Format::jsonl, 1) == kObjects[0] + "\n");
  CHECK(written(Format::jsonl, 0).empty());
  CHECK(written(Format::plain, 2) == "id0\ttext\nid1\ttext\n");
  CHECK(written(Format::plain, 0).empty());
  CHECK(written(Format::automatic, 1) == "id0\ttext\n");
  CHECK(written(Format::table, 2) == "ID   TEXT\nid0  text\nid1  text\n");
  CHECK(written(Format::table, 0) == "Nothing.\n");
}

TEST_CASE("a long table is written while it grows and stays aligned") {
  std::string out;
  Records records(Format::table, {}, {"ID", "TEXT"}, [&](std::string_view text) { out += text; });
  for (int i = 0; i < 2500; ++i) {
    records.add({{i < 1500 ? "a" : "wider"}, {std::to_string(i)}}, "{}");
    if (i == 1499) CHECK(out.find("ID  TEXT\na   0\n") == 0);
  }
  records.finish();
  CHECK(out.find("\na   999\n") != std::string::npos);
  CHECK(out.find("\na      1001\n") !=
        std::string::npos);  // the corresponding block of a thousand contains a wider one
  CHECK(out.find("\nwider  2499\n") != std::string::npos);
  CHECK(out.find("ID", 2) == std::string::npos);  // one header
}

TEST_CASE("the last column is truncated to the terminal, and control characters are escaped") {
  const Terminal narrow{true, false, 20};
  std::string out;
  Records records(Format::table, narrow, {"ID", "TEXT"},
                  [&](std::string_view text) { out += text; });
  records.add({{"a"}, {std::string(50, 'x')}}, "{}");
  records.add({{"\x1B[2J"}, {"y"}}, "{}");
  records.finish();
  CHECK(out.find('\x1B') == std::string::npos);
  CHECK(out.find("…") != std::string::npos);
}

}  // namespace socbridge::term
