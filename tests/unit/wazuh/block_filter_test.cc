// SPDX-License-Identifier: Apache-2.0
#include "wazuh/block_filter.h"

#include <catch2/catch.hpp>

#include "json/value.h"

using namespace socbridge;
using namespace socbridge::wazuh;

namespace {

IntegrationBlock block_of(std::initializer_list<std::pair<const char*, std::string>> elements) {
  IntegrationBlock block;
  for (const auto& [name, value] : elements) {
    const std::string_view element = name;
    block.lines[name] = 1;
    if (element == "level") block.level = value;
    if (element == "group") block.group = value;
    if (element == "event_location") block.event_location = value;
    if (element == "rule_id") block.rule_id_texts.push_back(value);
  }
  return block;
}

constexpr const char* kAlert =
    R"({"rule":{"level":7,"id":"5763","groups":["syslog","sshd"]},"location":"/var/log/auth.log"})";

bool takes(const IntegrationBlock& block, const char* alert = kAlert) {
  const auto document = json::Document::parse(alert);
  REQUIRE(document.ok());
  return BlockFilter(block).left_out(document->root()).empty();
}

std::vector<FilterRemark> remarks(const IntegrationBlock& block) {
  return BlockFilter(block).remarks();
}

}  // namespace

TEST_CASE("block filter: without filters everything matches") {
  CHECK(takes({}));
  CHECK(takes({}, R"({"rule":{}})"));
  CHECK(BlockFilter().remarks().empty());
}

TEST_CASE("block filter: level is at least, compared as integratord does") {
  CHECK(takes(block_of({{"level", "7"}})));
  CHECK(takes(block_of({{"level", ""}})));
  CHECK_FALSE(takes(block_of({{"level", "8"}})));
  CHECK_FALSE(takes(block_of({{"level", "1"}}), R"({"rule":{"id":"1"}})"));
  CHECK(takes(block_of({{"level", "0"}}), R"({"rule":{"id":"1"}})"));
  CHECK(takes(block_of({{"level", "4294967303"}})));  // 7 in 32 bits
  CHECK_FALSE(takes(block_of({{"level", "99999999999"}})));
  const auto document = json::Document::parse(kAlert);
  CHECK(BlockFilter(block_of({{"level", "12"}})).left_out(document->root()) ==
        "level 7 is below the block's <level> 12");
}

TEST_CASE("block filter: one group of the list, exactly") {
  CHECK(takes(block_of({{"group", "web,sshd"}})));
  CHECK(takes(block_of({{"group", "sshd,"}})));
  CHECK_FALSE(takes(block_of({{"group", "web, sshd"}})));
  CHECK_FALSE(takes(block_of({{"group", "SSHD"}})));
  CHECK_FALSE(takes(block_of({{"group", "ssh"}})));
  CHECK_FALSE(takes(block_of({{"group", ""}})));
  CHECK_FALSE(takes(block_of({{"group", "sshd"}}), R"({"rule":{"level":7}})"));
}

TEST_CASE("block filter: rule ids") {
  CHECK(takes(block_of({{"rule_id", "5710, 5763"}})));
  CHECK(takes(block_of({{"rule_id", "5710x,5763"}})));
  CHECK(takes(block_of({{"rule_id", ",,5763"}})));
  CHECK(takes(block_of({{"rule_id", "5710"}, {"rule_id", "5763"}})));
  CHECK(takes(block_of({{"rule_id", "5763-5770"}})));
  CHECK(takes(block_of({{"rule_id", "sshd"}})));  // without filters
  CHECK(takes(block_of({{"rule_id", "0,5763"}})));
  CHECK_FALSE(takes(block_of({{"rule_id", "5000-6000"}})));
  CHECK_FALSE(takes(block_of({{"rule_id", "5710 5763"}})));
  CHECK_FALSE(takes(block_of({{"rule_id", "0"}})));
  CHECK_FALSE(takes(block_of({{"rule_id", "5763"}}), R"({"rule":{"level":7}})"));
}

TEST_CASE("block filter: location") {
  CHECK(takes(block_of({{"event_location", "^/var|x"}})));
  CHECK(takes(block_of({{"event_location", ""}})));
  CHECK_FALSE(takes(block_of({{"event_location", "syscheck"}})));
  CHECK_FALSE(takes(block_of({{"event_location", ""}}), R"({"rule":{"level":7}})"));
}

TEST_CASE("block filter: all of them must hold") {
  CHECK(takes(block_of({{"level", "5"}, {"group", "sshd"}, {"rule_id", "5763"}})));
  CHECK_FALSE(takes(block_of({{"level", "5"}, {"group", "web"}, {"rule_id", "5763"}})));
}

TEST_CASE("block filter: remarks distinguish filters that match nothing from unusual ones") {
  for (const auto& block :
       {block_of({{"level", "17"}}), block_of({{"group", " sshd"}}), block_of({{"group", ""}}),
        block_of({{"rule_id", "0"}}), block_of({{"event_location", "a$b"}})}) {
    REQUIRE(remarks(block).size() == 1);
    CHECK(remarks(block)[0].takes_none);
    CHECK_FALSE(remarks(block)[0].next.empty());
  }
  for (const auto& block : {block_of({{"group", "a, b"}}), block_of({{"rule_id", "100-200"}})}) {
    REQUIRE(remarks(block).size() == 1);
    CHECK_FALSE(remarks(block)[0].takes_none);
  }
  CHECK(remarks(block_of({{"level", "16"},
                          {"group", "a,b"},
                          {"rule_id", "1, 2"},
                          {"event_location", "^a$|b"}}))
            .empty());
}
