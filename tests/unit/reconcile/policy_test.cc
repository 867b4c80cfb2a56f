// SPDX-License-Identifier: Apache-2.0
#include "reconcile/policy.h"

#include <catch2/catch.hpp>
#include <utility>

#include "fixtures.h"
#include "wazuh/alert.h"

namespace socbridge::reconcile {
namespace {

wazuh::BlockFilter least(const char* level) {
  wazuh::IntegrationBlock block;
  block.lines["level"] = 1;
  block.level = level;
  return wazuh::BlockFilter(block);
}

Route route(const char* level, int min_level = 0) {
  Route out;
  out.filter = least(level);
  out.mapping.min_level = min_level;
  return out;
}

wazuh::Alert alert(int level) {
  auto parsed = wazuh::Alert::parse(test::alert_line(1, level));
  REQUIRE(parsed.ok());
  return std::move(*parsed);
}

integration::BlockRoute block(const char* place, const char* url, const char* organisation = "") {
  integration::BlockRoute out;
  out.place = place;
  out.loaded.settings.endpoint.url = url;
  out.loaded.settings.endpoint.organisation = organisation;
  return out;
}

template <typename... Block>
std::vector<integration::BlockRoute> list(Block... block) {
  std::vector<integration::BlockRoute> out;
  (out.push_back(std::move(block)), ...);
  return out;
}

}  // namespace

TEST_CASE("policy: the union of the blocks, the first that forwards counts", "[reconcile]") {
  const std::vector<Route> routes = {route("12"), route("7")};
  CHECK(choose(routes, alert(13)).route == &routes[0]);
  CHECK(choose(routes, alert(9)).route == &routes[1]);
  CHECK(choose(routes, alert(6)).route == nullptr);
  CHECK(choose(routes, alert(6)).by_block);
}

TEST_CASE("policy: filtered is not the same as not matched by a block", "[reconcile]") {
  const std::vector<Route> routes = {route("3", 7)};
  CHECK(choose(routes, alert(5)).route == nullptr);
  CHECK_FALSE(choose(routes, alert(5)).by_block);
  CHECK(choose(routes, alert(2)).by_block);
  CHECK(choose(routes, alert(7)).route == &routes[0]);
}

TEST_CASE("policy: blocks of the selected TheHive, and the others are named", "[reconcile]") {
  const auto chosen = select_blocks(
      list(block("o:3", "http://a"), block("o:9", "http://b"), block("o:20", "http://a")),
      {"http://a", ""});
  CHECK(chosen.places == std::vector<std::string>{"o:3", "o:20"});
  CHECK(chosen.elsewhere == std::vector<std::string>{"o:9 to http://b"});
  REQUIRE(chosen.remarks.size() == 1);
  CHECK(chosen.remarks[0].find("checked http://a alone") == 0);
  CHECK(chosen.remarks[0].find("--block 2 (http://b)") != std::string::npos);
}

TEST_CASE("policy: two organisations of one TheHive are two places", "[reconcile]") {
  const auto first = select_blocks(
      list(block("o:3", "http://a", "x"), block("o:9", "http://a", "y")), {"http://a", ""});
  CHECK(first.places == std::vector<std::string>{"o:3"});
  CHECK(first.elsewhere == std::vector<std::string>{"o:9 to http://a, y"});
  const auto second = select_blocks(
      list(block("o:3", "http://a", "x"), block("o:9", "http://a", "y")), {"http://a", "y"});
  CHECK(second.places == std::vector<std::string>{"o:9"});
}

TEST_CASE("policy: no block has the URL: all are used, with a warning", "[reconcile]") {
  const auto chosen = select_blocks(list(block("o:3", "http://a")), {"http://other", ""});
  CHECK(chosen.places == std::vector<std::string>{"o:3"});
  CHECK(chosen.elsewhere.empty());
  REQUIRE(chosen.remarks.size() == 1);
  CHECK(chosen.remarks[0].find("no block leads to http://other") == 0);
  CHECK(select_blocks({}, {"http://a", ""}).remarks.empty());
}

}  // namespace socbridge::reconcile
