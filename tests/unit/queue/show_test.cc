// SPDX-License-Identifier: Apache-2.0
#include "queue/show.h"

#include "fixture.h"

namespace socbridge::queue {
using namespace socbridge::queue::test;
using spool::State;

namespace {

struct Configured : Fixture {
  explicit Configured(const std::string& more = "") {
    home.write(
        "etc/w2thive.json",
        R"({"url":"http://t.example","api_key":"s3cretkey","thehive_version":"5")" + more + "}");
  }
  EntryView view(const std::string& id) { return view_entry(reader, lookup, entry(id)); }
};

spool::Entry of_alert(const std::string& alert, const std::string& options = "") {
  spool::Entry out;
  out.alert = alert;
  out.options = options;
  return out;
}

const std::string kAlert =
    R"({"id":"1.2","rule":{"level":7,"id":"5","description":"d"},"data":{"srcip":"203.0.113.9"}})";

}  // namespace

TEST_CASE("the request to TheHive as it would be sent now, and the raw alert") {
  Configured configured;
  const std::string id = configured.add(State::queue, {}, of_alert(kAlert, R"({"tlp":1})"));
  const EntryView view = configured.view(id);
  CHECK(view.damage.empty());
  CHECK(view.not_mapped.empty());
  const auto json = parsed(entry_view_json(view, kNow));
  const json::Value root = json.root();
  CHECK(root["id"].string() == id);
  CHECK(root["state"].string() == "queue");
  CHECK(root["integration"].string() == "custom-w2thive");
  CHECK(root["options"]["tlp"].integer() == 1);
  CHECK(root["raw"]["rule"]["id"].string() == "5");
  CHECK(root["mapped"]["title"].string() == "d");
  CHECK(root["mapped"]["observables"].size() == 1);
  CHECK(root["not_mapped"].missing());
  CHECK(root["damage"].missing());
  CHECK(entry_view_json(view, kNow).find("s3cretkey") == std::string::npos);
}

TEST_CASE("parts omitted for this entry are omitted here too") {
  Configured configured;
  spool::Reason reduced = reason("refused");
  reduced.left_out = "observables";
  const std::string id = configured.add(State::dead, reduced, of_alert(kAlert));
  const auto json = parsed(entry_view_json(configured.view(id), kNow));
  CHECK(json.root()["mapped"]["observables"].size() == 0);
  CHECK_THAT(std::string(*json.root()["mapped"]["description"].string()),
             Catch::Contains("observables left out"));
}

TEST_CASE("for version 4 the body has that version's form") {
  Configured five, four;
  four.home.write("etc/w2thive.json",
                  R"({"url":"http://t.example","api_key":"k","thehive_version":"4"})");
  const std::string a = five.add(State::queue, {}, of_alert(kAlert));
  const std::string b = four.add(State::queue, {}, of_alert(kAlert));
  CHECK(five.view(a).mapped_body != four.view(b).mapped_body);
  CHECK_THAT(four.view(b).mapped_body, Catch::Contains("\"artifacts\""));
}

TEST_CASE("show: reasons why nothing would be sent") {
  Configured filtered(R"(,"min_level":12)");
  const std::string low = filtered.add(State::queue, {}, of_alert(kAlert));
  CHECK_THAT(filtered.view(low).not_mapped, Catch::StartsWith("not forwarded: level 7 is below"));
  Configured configured;
  const std::string broken =
      configured.add(State::corrupt, reason("x"), of_alert("{\"rule\":\xff"));
  const EntryView view = configured.view(broken);
  CHECK_FALSE(view.not_mapped.empty());
  CHECK(view.mapped_body.empty());
  const auto json = parsed(entry_view_json(view, kNow));
  CHECK(json.root()["raw"].string() == "{\"rule\":\xef\xbf\xbd");
  CHECK(json.root()["not_mapped"].string() == view.not_mapped);
  CHECK(json.root()["options"].missing());
  Fixture unconfigured;
  const std::string id = unconfigured.add(State::queue, {}, of_alert(kAlert));
  CHECK_FALSE(view_entry(unconfigured.reader, unconfigured.lookup, unconfigured.entry(id))
                  .not_mapped.empty());
}

TEST_CASE("a damaged entry shows its damage and no content") {
  Configured configured;
  const std::string id = "0000000001000-0000000000000001";
  configured.home.write("queue/w2thive/corrupt/" + id + ".alert", "damaged");
  const auto json = parsed(entry_view_json(configured.view(id), kNow));
  CHECK(json.root()["damage"].string() == "damaged spool entry: no magic line of a known version");
  CHECK(json.root()["raw"].missing());
  CHECK(json.root()["state"].string() == "corrupt");
}

TEST_CASE("an entry removed meanwhile has no content to show") {
  Configured configured;
  const std::string id = configured.add(State::queue, {}, of_alert(kAlert));
  QueueEntry seen = configured.entry(id);
  auto claim = configured.spool.claim(State::queue, id);
  REQUIRE(configured.spool.remove(std::move(**claim)).ok());
  const EntryView view = view_entry(configured.reader, configured.lookup, std::move(seen));
  CHECK_FALSE(view.damage.empty());
  parsed(entry_view_json(view, kNow));
}

TEST_CASE("an alert of any form stays valid JSON in the view") {
  Configured configured;
  std::string deep = "1";
  for (int i = 0; i < 2000; ++i) deep = "[" + deep + "]";
  for (const std::string& alert :
       {"{\"rule\":{\"level\":1},\"data\":" + deep + "}", std::string("[1,2]"),
        std::string("\"text\""), std::string("{\"rule\":{\"level\":1},\"rule\":2,\"n\":1e999}"),
        std::string("\0\x1b[2J", 5)}) {
    const std::string id = configured.add(State::queue, {}, of_alert(alert));
    const std::string json = entry_view_json(configured.view(id), kNow);
    json::ParseOptions options = json::ParseOptions::abridging();
    CHECK(json::Document::parse(json, options).ok());
  }
}

}  // namespace socbridge::queue
