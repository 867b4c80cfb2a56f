// SPDX-License-Identifier: Apache-2.0
#include "rules/reading.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

using Texts = std::vector<std::string>;

// The error of the value, or "".
template <typename Read>
std::string fault(const std::string& json, Read read) {
  const auto document = json_of(json);
  Faults faults("/v");
  read(document.root(), faults);
  return lines(faults);
}

Texts texts(const std::string& json) {
  const auto document = json_of(json);
  Faults faults;
  return read_texts(document.root(), faults);
}

std::string list_of(std::size_t count) {
  std::string out = "[1";
  for (std::size_t i = 1; i < count; ++i) out += ",1";
  return out + "]";
}

}  // namespace

TEST_CASE("one scalar or a list of them, as texts") {
  CHECK(texts("\"a\"") == Texts{"a"});
  CHECK(texts("5") == Texts{"5"});
  CHECK(texts("[\"a\",7,true,1.50]") == Texts{"a", "7", "true", "1.50"});
  CHECK(texts("[\" \"]") == Texts{" "});
  CHECK(texts(list_of(1000)).size() == 1000);
}

TEST_CASE("values that are not text, and lists that are too long or empty, are errors") {
  const auto read = [](const std::string& json) {
    return fault(json, [](json::Value value, Faults& faults) { read_texts(value, faults); });
  };
  for (const char* json : {"\"\"", "null", "{}", "{\"a\":1}"}) {
    CHECK(read(json) == "v: must be a text, a number or a list of these");
  }
  CHECK(read("[]") == "v: must have 1 to 1000 values");
  CHECK(read(list_of(1001)) == "v: must have 1 to 1000 values");
  CHECK(read("[\"a\",\"\",null]") ==
        "v[1]: is not a text or number\nv[2]: is not a text or number");
  CHECK(read("[[\"a\"]]") == "v[0]: is not a text or number");
}

TEST_CASE("reading: a text that is not blank, and a flag") {
  const auto text = [](const std::string& json) {
    return fault(json, [](json::Value value, Faults& faults) { read_text(value, faults); });
  };
  CHECK(text("\"a\"").empty());
  for (const char* json : {"\"\"", "\" \\t\"", "5", "null", "[\"a\"]"}) {
    CHECK(text(json) == "v: must be a text");
  }
  const auto flag = [](const std::string& json) {
    return fault(json, [](json::Value value, Faults& faults) { read_flag(value, faults); });
  };
  CHECK(flag("true").empty());
  CHECK(flag("false").empty());
  for (const char* json : {"\"true\"", "1", "null", "[]"}) {
    CHECK(flag(json) == "v: must be true or false");
  }
}

TEST_CASE("an object has only known names, each once; an unknown one gets a suggestion") {
  const auto object = [](const std::string& json) {
    return fault(json, [](json::Value value, Faults& faults) {
      CHECK(read_object(value, {"name", "match", "set"}, faults) == value.is_object());
    });
  };
  CHECK(object(R"({"set":1,"name":2})").empty());
  CHECK(object("{}").empty());
  CHECK(object("[]") == "v: must be an object; known are name, match and set");
  CHECK(object(R"({"nmae":1})") == "v: unknown key \"nmae\"; did you mean \"name\"?");
  CHECK(object(R"({"zzzzzz":1})") == "v: unknown key \"zzzzzz\"; known are name, match and set");
  CHECK(object(R"({"set":1,"set":2})") == "v.set: is given twice; remove one of them");
}
