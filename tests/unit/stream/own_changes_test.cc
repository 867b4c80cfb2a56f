// SPDX-License-Identifier: Apache-2.0
#include "stream/own_changes.h"

#include <catch2/catch.hpp>

#include "stream/match.h"

using namespace socbridge::stream;

namespace {

MatchRules rules() {
  MatchRules out;
  out.own_authors = {"identity--1", "uuid-1"};
  out.own_identity = "uuid-1";
  return out;
}

}  // namespace

TEST_CASE("references that socctl makes, and no others") {
  CHECK(is_own_reference("TheHive", "TheHive case ~41"));
  CHECK(is_own_reference("TheHive", "TheHive alert ~41"));
  CHECK_FALSE(is_own_reference("thehive", "TheHive case ~41"));
  CHECK_FALSE(is_own_reference("TheHive", "case ~41"));
  CHECK_FALSE(is_own_reference("Blog", "TheHive case ~41"));
}

TEST_CASE("ours by author, by reference, or as the only creator") {
  CHECK(is_ours({{"identity--1"}, {"other"}, false}, rules()));
  CHECK(is_ours({{}, {"uuid-1"}, false}, rules()));
  CHECK(is_ours({{}, {}, true}, rules()));
  CHECK_FALSE(is_ours({{}, {"uuid-1", "other"}, false}, rules()));  // others changed it
  CHECK_FALSE(is_ours({{"identity--2"}, {}, false}, rules()));
  CHECK_FALSE(is_ours({{}, {}, false}, rules()));
  MatchRules nothing;
  nothing.own_authors = {""};
  CHECK_FALSE(is_ours({{""}, {""}, false}, nothing));
}

TEST_CASE("an object is by our user only if there is no other creator") {
  CHECK(by_our_user({{}, {"uuid-1"}, false}, rules()));
  CHECK_FALSE(by_our_user({{}, {"uuid-1", "other"}, false}, rules()));
  CHECK_FALSE(by_our_user({{}, {}, false}, rules()));
  CHECK_FALSE(by_our_user({{}, {""}, false}, MatchRules{}));
}
