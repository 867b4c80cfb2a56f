// SPDX-License-Identifier: Apache-2.0
#include "thehive/json_fields.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::thehive;

namespace {

json::Document parsed(std::string_view text) {
  auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

}  // namespace

TEST_CASE("missing members and wrong types are the empty value") {
  const json::Document d = parsed(R"({"t":"x","n":7,"o":{},"l":["a",1,null,{},true],"b":true,
    "big":99999999999,"half":1.5})");
  const json::Value root = d.root();
  CHECK(text_list(root["l"]) == std::vector<std::string>{"a", "1", "true"});
  CHECK(text_list(root["t"]).empty());
  CHECK(int_field(root, "n", -1) == 7);
  CHECK(int_field(root, "t", -1) == -1);
  CHECK(int_field(root, "half", -1) == -1);
  CHECK(int_field(root, "big", -1) == -1);
  CHECK(flag_field(root, "b"));
  CHECK_FALSE(flag_field(root, "n"));
  CHECK_FALSE(flag_field(root, "none"));
}

TEST_CASE("json fields: times are milliseconds or ISO 8601") {
  const json::Document d =
      parsed(R"({"ms":1741938001037,"text":"2025-03-14T07:40:01.037Z","no":"soon","list":[]})");
  CHECK(time_field(d.root()["ms"]) == 1741938001037);
  CHECK(time_field(d.root()["text"]) == 1741938001037);
  CHECK(time_field(d.root()["no"]) == 0);
  CHECK(time_field(d.root()["list"]) == 0);
  CHECK(time_field(d.root()["none"]) == 0);
}
