// SPDX-License-Identifier: Apache-2.0
#include "wazuh/search_answer.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::wazuh;

namespace {

std::string ask(const std::string& text, std::string (*question)(json::Value)) {
  const auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return question(document->root());
}

std::string incomplete(const std::string& text) {
  return ask(text, [](json::Value answer) {
    return why_incomplete(answer, answer["hits"]["hits"].size());
  });
}
std::string no_alert(const std::string& text) { return ask(text, why_no_alert); }

bool has(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("search answer: complete answers") {
  CHECK(incomplete(R"({"hits":{"total":{"value":1,"relation":"eq"},"hits":[{}]}})").empty());
  CHECK(incomplete(R"({"hits":{"total":1,"hits":[{}]}})").empty());
  CHECK(incomplete(R"({"timed_out":false,"terminated_early":false,"_shards":{"total":3,)"
                   R"("successful":3,"skipped":2,"failed":0},"hits":{"total":0,"hits":[]}})")
            .empty());
}

TEST_CASE("search answer: incomplete answers") {
  const auto with = [](const std::string& more) {
    return incomplete("{" + more + R"("hits":{"total":1,"hits":[{}]}})");
  };
  CHECK(has(with(R"("timed_out":true,)"), "timed out"));
  CHECK(has(with(R"("terminated_early":true,)"), "ended early"));
  CHECK(has(with(R"("_shards":{"total":3,"successful":3,"failed":1},)"), "2 of 3 shards"));
  CHECK(has(with(R"("_shards":{"total":9,"successful":8,"failed":0},)"), "8 of 9 shards"));
  CHECK(has(with(R"("_shards":{"total":9,"failed":1},)"), "8 of 9 shards"));
  CHECK(has(incomplete(R"({"hits":{"hits":[{}]}})"), "without hits.total"));
  CHECK(has(incomplete(R"({"hits":{"total":103,"hits":[{}]}})"), "1 of 103"));
  CHECK(has(incomplete(R"({"hits":{"total":{"value":0},"hits":[{}]}})"), "1 of 0"));
  CHECK(has(incomplete(R"({"hits":{"total":{"value":1,"relation":"gte"},"hits":[{}]}})"),
            "track_total_hits"));
}

TEST_CASE("not an alert: errors, hits without a source, anything else") {
  CHECK(no_alert(R"({"rule":{}})").empty());
  CHECK(no_alert(R"({"wazuh":{"rule":{"level":"high"}}})").empty());
  CHECK(no_alert(R"({"_index":"i","_source":{"rule":{}}})").empty());
  CHECK(no_alert(R"({"rule":{},"error":"in an alert of its own"})").empty());
  CHECK(has(no_alert(R"({"error":{"type":"t","reason":"r"},"status":400})"), "t: r (status 400)"));
  CHECK(has(no_alert(R"({"error":"words"})"), "error, not with alerts: words"));
  CHECK(has(no_alert(R"({"_index":"i","_id":"1","fields":{}})"), "without _source"));
  CHECK(has(no_alert(R"({"_source":{"a":1}})"), "no rule"));
  for (const char* text : {"{}", "[]", "null", "3", "\"x\"", R"({"rule":3})"}) {
    INFO(text);
    CHECK_FALSE(no_alert(text).empty());
  }
  // The text of an error is printable.
  CHECK(no_alert("{\"error\":\"a\\u001b[31m\\nb\"}").find('\x1b') == std::string::npos);
}
