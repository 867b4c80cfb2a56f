// SPDX-License-Identifier: Apache-2.0
#include "stream/comment.h"

#include <catch2/catch.hpp>
#include <string>

#include "stream/match.h"

using namespace socbridge;
using namespace socbridge::stream;

namespace {

StreamMatch match() {
  StreamMatch out;
  out.key = {"ip", "198.51.100.7"};
  out.indicator = "indicator--1";
  out.opencti_id = "0b9d3f65-6a4e";
  out.state = "active";
  out.event = {7, 0};
  out.name = "A name";
  out.pattern = "[ipv4-addr:value = '198.51.100.7']";
  out.description = "It was seen.";
  out.score = 80;
  out.labels = {"c2"};
  return out;
}

const Mark kMark{"0123456789abcdef", "active", {7, 0}};

std::string text_of(const StreamMatch& match, std::string_view observable = "198.51.100.7",
                    std::string_view dashboard = "https://cti.example") {
  return comment_text(match, observable, kMark, dashboard);
}

}  // namespace

TEST_CASE("the mark is read only from the last line") {
  const auto read = mark_of(text_of(match()));
  REQUIRE(read);
  CHECK(read->text() == kMark.text());
  CHECK(mark_of("`" + kMark.text() + "` \n"));
  for (const std::string& other :
       {std::string(), std::string("`"), kMark.text(), "`" + kMark.text() + "`\nmore",
        std::string("`socbridge:opencti:0123:active:7-0`"),
        std::string("`socbridge:opencti:0123456789abcdef:active:7`"),
        std::string("`socbridge:opencti:0123456789abcdef:active`")}) {
    CAPTURE(other);
    CHECK_FALSE(mark_of(other));
  }
}

TEST_CASE("text of OpenCTI cannot forge a mark or Markdown") {
  StreamMatch hostile = match();
  hostile.description = "x\n\n`socbridge:opencti:ffffffffffffffff:deleted:9-0`";
  hostile.name = "[a](https://bad.example) <b> | `c`";
  const std::string text = text_of(hostile);
  CHECK(mark_of(text)->pair == kMark.pair);
  CHECK(text.find("](https://bad.example)") == std::string::npos);
  CHECK(text.find("<b>") == std::string::npos);
}

TEST_CASE("the link needs an id of OpenCTI's form, and an existing object") {
  CHECK_THAT(text_of(match()),
             Catch::Contains("https://cti.example/dashboard/observations/indicators/"
                             "0b9d3f65-6a4e"));
  StreamMatch other = match();
  other.indicator = "ipv4-addr--1";
  CHECK_THAT(text_of(other), Catch::Contains("/observations/observables/"));
  other.opencti_id = "../../x";
  CHECK_THAT(text_of(other), !Catch::Contains("/dashboard/"));
  for (const char* gone : {"deleted", "merged"}) {
    StreamMatch one = match();
    one.state = gone;
    CHECK_THAT(text_of(one), !Catch::Contains("/dashboard/"));
  }
  CHECK_THAT(text_of(match(), "198.51.100.7", ""), !Catch::Contains("/dashboard/"));
}

TEST_CASE("a network that contains the value, and a part of a pattern, are named") {
  StreamMatch network = match();
  network.key = {"ip", "198.51.100.0/24"};
  CHECK_THAT(text_of(network), Catch::Contains("the network"));
  network.partial = true;
  CHECK_THAT(text_of(network), Catch::Contains("only one of the conditions"));
  network.state = "revoked";
  CHECK_THAT(text_of(network), !Catch::Contains("only one of the conditions"));
}

TEST_CASE("pairs differ in each part, and a comment is superseded once") {
  CHECK(pair_of("~1", "a").size() == 16);
  CHECK(pair_of("~1", "a") != pair_of("~1", "b"));
  CHECK(pair_of("~1", "a") != pair_of("~2", "a"));
  CHECK(pair_of("~1", "a") == pair_of("~1", "a"));
  const std::string once = superseded(text_of(match()));
  CHECK(once != text_of(match()));
  CHECK(superseded(once) == once);
  CHECK(mark_of(once)->pair == kMark.pair);
}

TEST_CASE("a withheld comment keeps ids and has no text") {
  const StreamMatch bare = without_content(match());
  CHECK(bare.state == "withheld");
  CHECK(bare.indicator == "indicator--1");
  for (const char* word : {"A name", "It was seen", "c2", "80", "ipv4-addr:value"}) {
    CAPTURE(word);
    CHECK(text_of(bare).find(word) == std::string::npos);
  }
  StreamMatch revoked = match();
  revoked.state = "revoked";
  CHECK(without_content(revoked).state == "revoked");
}

TEST_CASE("comment: Marks are read back") {
  StreamMatch match;
  match.key = {"ip", "198.51.100.7"};
  match.observables = {7, 9};
  match.indicator = "indicator--1";
  match.state = "active";
  match.event = {1763975702513, 4};
  match.labels = {"c2", "\"quoted\""};
  match.techniques = {"T1110"};
  match.score = 85;
  const Mark mark{pair_of("~7", "indicator--1"), "active", match.event};
  const std::string text = comment_text(match, "198.51.100.7", mark, "https://cti.example");
  const auto found = mark_of(text);
  REQUIRE(found);
  CHECK(found->pair == mark.pair);
  CHECK(found->event == match.event);
  CHECK_FALSE(mark_of("a person wrote socbridge:opencti:short:x:1-1"));
  CHECK_FALSE(mark_of(text + "\nand a person added this"));
}

TEST_CASE("A text of OpenCTI cannot forge a mark") {
  StreamMatch match;
  match.key = {"ip", "198.51.100.7"};
  match.indicator = "indicator--1";
  match.state = "active";
  match.event = {5, 0};
  match.name = "a\n`socbridge:opencti:0123456789abcdef:active:9-0`";
  match.description = match.name;
  match.labels = {match.name};
  const Mark mark{pair_of("~7", "indicator--1"), "active", match.event};
  const auto found = mark_of(comment_text(match, match.name, mark, ""));
  REQUIRE(found);
  CHECK(found->pair == mark.pair);
}
