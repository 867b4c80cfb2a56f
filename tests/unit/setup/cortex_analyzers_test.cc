// SPDX-License-Identifier: Apache-2.0
#include "setup/cortex_analyzers.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using cortex::Admin;

namespace {

json::Document parsed(std::string_view text) {
  auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

Admin::Definition definition(const char* version, const char* items) {
  return {"Look_" + std::string(version), "Look", version, parsed(items)};
}

constexpr const char* kItems =
    R"([{"name":"key","type":"string","required":true},)"
    R"({"name":"days","type":"number","required":false,"defaultValue":30},)"
    R"({"name":"marked","type":"string","multi":true,"required":false},)"
    R"({"name":"deep","type":"boolean","required":true},)"
    R"({"name":"note","type":"string","required":false}])";

setup::CortexAnalyzer wanted(const char* key, const char* limit) {
  setup::CortexAnalyzer out{"Look", Secret(key), {}, true};
  if (*limit != 0) out.limit = *cortex::parse_limit(limit, "test");
  return out;
}

}  // namespace

TEST_CASE("the newest definition by number, not by spelling") {
  std::vector<Admin::Definition> all;
  all.push_back(definition("9.0", "[]"));
  all.push_back(definition("10.1", "[]"));
  all.push_back({"LookAway_11_0", "LookAway", "11.0", parsed("[]")});
  REQUIRE(setup::newest_definition(all, "Look") != nullptr);
  CHECK(setup::newest_definition(all, "Look")->version == "10.1");
  CHECK(setup::newest_definition(all, "look") == nullptr);
}

TEST_CASE("an enabled analyzer of whatever version") {
  std::vector<Admin::Enabled> all(2);
  all[0].definition = "LookAway_1_0";
  all[1].definition = "Look_1_0";
  REQUIRE(setup::enabled_of(all, "Look") != nullptr);
  CHECK(setup::enabled_of(all, "Look") == &all[1]);
  CHECK(setup::enabled_of(all, "Loo") == nullptr);
}

TEST_CASE("cortex analyzers: the item for the service's key") {
  CHECK(setup::key_item(definition("1", kItems)) == "key");
  CHECK(setup::key_item(definition("1", R"([{"name":"API_Key","required":true}])")) == "API_Key");
  CHECK(setup::key_item(definition("1", R"([{"name":"key","required":false}])")).empty());
  CHECK(setup::key_item(definition("1", "[]")).empty());
}

TEST_CASE("settings are the defaults with the key, the limit and amber as the highest level") {
  const auto settings = setup::settings_for(wanted("k-1", "5/hour"), definition("1.0", kItems));
  CHECK(settings.name == "Look_1.0");
  CHECK(settings.rate == 5);
  CHECK(settings.rate_unit == "Hour");
  CHECK(settings.configuration ==
        R"({"key":"k-1","days":30,"marked":[],"deep":false,"check_tlp":true,"max_tlp":2,)"
        R"("check_pap":true,"max_pap":2,"auto_extract_artifacts":false})");
  CHECK(setup::settings_for(wanted("k", ""), definition("1", "[]")).rate == 0);
}

TEST_CASE("only key and limit are compared, and the rest is kept when they are corrected") {
  const auto d = definition("1.0", kItems);
  Admin::Enabled there;
  there.name = "Mine";
  there.rate = 100;
  there.rate_unit = "Day";
  there.configuration = parsed(R"({"key":"old","days":7,"proxy_http":null})");
  CHECK(setup::differences(wanted("", ""), d, there).empty());
  CHECK(setup::differences(wanted("old", "100/day"), d, there).empty());
  CHECK(setup::differences(wanted("new", "100/hour"), d, there) ==
        std::vector<std::string>{"key", "rate 100 per Day"});
  const auto settings = setup::corrected(wanted("new", "100/hour"), d, there);
  CHECK(settings.name == "Mine");
  CHECK(settings.rate_unit == "Hour");
  CHECK(settings.configuration == R"({"days":7,"proxy_http":null,"key":"new"})");
  CHECK(setup::corrected(wanted("", ""), d, there).rate == 100);
}
