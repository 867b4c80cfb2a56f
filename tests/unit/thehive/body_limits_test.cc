// SPDX-License-Identifier: Apache-2.0
// For any input the body parses and every limit of alert.h is kept.
#include <catch2/catch.hpp>

#include <random>

#include "base/text.h"
#include "json/value.h"
#include "thehive/alert.h"

namespace socbridge::thehive {
namespace {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int upto(int most) { return std::uniform_int_distribution<int>(0, most)(engine_); }

  // Text of letters, controls, quotes, broken UTF-8, wide characters and awkward endings.
  std::string text(int most) {
    static const char* const kParts[] = {"a",
                                         "\"",
                                         "\\",
                                         "\n",
                                         "\x01",
                                         ";",
                                         "#a1b2c3",
                                         " ",
                                         "\xff",
                                         "\xed\xa0\x80",
                                         "\xf0\x9f\x98\x80",
                                         "\xc3",
                                         "\xe2\x80\xae",
                                         "<"};
    std::string out;
    const int parts = upto(most);
    for (int i = 0; i < parts; ++i) out += kParts[static_cast<std::size_t>(upto(13))];
    return out;
  }

  Alert alert() {
    const int size = upto(3) == 0 ? 5000 : 40;
    Alert a;
    a.type = text(size);
    a.source = text(size);
    a.source_ref = text(size);
    a.title = text(size);
    a.description = text(upto(9) == 0 ? 400000 : size);
    a.external_link = text(upto(9) == 0 ? 500 : 10);
    a.case_template = text(size);
    a.severity = 1 + upto(3);
    a.date_ms = upto(1000000);
    a.tlp = upto(4);
    a.pap = upto(3);
    for (int i = upto(20); i > 0; --i) a.tags.push_back(text(size / 4));
    for (int i = upto(upto(9) == 0 ? 600 : 20); i > 0; --i) {
      Observable one;
      one.data_type = text(5);
      one.data = text(size / 4);
      one.message = text(size / 4);
      one.tags = {text(20), text(200)};
      a.observables.push_back(one);
    }
    for (int i = upto(5); i > 0; --i) a.procedures.push_back({text(200), 1, text(10)});
    a.custom_fields = {{text(100), "1"}, {text(10), "\"x\""}};
    return a;
  }

 private:
  std::mt19937 engine_;
};

void at_most(const json::Value& value, std::size_t units) {
  const std::string_view text = value.string().value_or("");
  CHECK(is_valid_utf8(text));
  CHECK(utf16_length(text) <= units);
}

void check_tags(const json::Value& tags) {
  for (std::size_t i = 0; i < tags.size(); ++i) {
    at_most(tags.at(i), limits::kTag);
    CHECK_FALSE(tags.at(i).string().value_or("").empty());
    for (std::size_t k = 0; k < i; ++k) CHECK(tags.at(i).string() != tags.at(k).string());
  }
}

void check_body(const Alert& alert, ApiVersion version) {
  const std::string body = create_body(alert, version);
  CHECK(body.size() <= (version == ApiVersion::v4 ? limits::kBodyV4 : limits::kBodyV5));
  const auto document = json::Document::parse(body);
  REQUIRE(document.ok());
  const json::Value root = document->root();
  at_most(root["type"], limits::kType);
  at_most(root["source"], limits::kSource);
  at_most(root["sourceRef"], limits::kSourceRef);
  at_most(root["title"], limits::kTitle);
  CHECK_FALSE(root["title"].string().value_or("").empty());
  at_most(root["description"], limits::kDescription);
  at_most(root["caseTemplate"], limits::kCaseTemplate);
  for (const char* part : {"type", "source", "sourceRef"}) {
    CHECK(root[part].string().value_or(";").find(';') == std::string_view::npos);
  }
  check_tags(root["tags"]);
  const json::Value list = root[version == ApiVersion::v4 ? "artifacts" : "observables"];
  for (std::size_t i = 0; i < list.size(); ++i) {
    at_most(list.at(i)["dataType"], limits::kDataType);
    at_most(list.at(i)["data"], limits::kData);
    at_most(list.at(i)["message"], limits::kMessage);
    check_tags(list.at(i)["tags"]);
  }
  for (std::size_t i = 0; i < root["procedures"].size(); ++i) {
    at_most(root["procedures"].at(i)["patternId"], limits::kPatternId);
  }
}

}  // namespace

TEST_CASE("any alert gives a body that parses and keeps the limits") {
  for (unsigned seed = 0; seed < 150; ++seed) {
    INFO("seed " << seed);
    const Alert alert = Random(seed).alert();
    check_body(alert, ApiVersion::v4);
    check_body(alert, ApiVersion::v5);
  }
}

}  // namespace socbridge::thehive
