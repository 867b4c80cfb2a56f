// SPDX-License-Identifier: Apache-2.0
// Where matches are reported: the observables that are still there, in what is open.
#include "stream/delivery.h"

#include <catch2/catch.hpp>

#include "hive_fixture.h"
#include "support/canned_server.h"

namespace socbridge::stream {
namespace {

using Texts = std::vector<std::string>;
using thehive::Subject;

struct Fixture : HiveFixture {
  using HiveFixture::HiveFixture;
  Status deliver(const StreamMatch& match) {
    delivery.forget();
    return delivery.deliver(match, [this](const StreamMatch&, const std::string& observable,
                                          const Subject& subject, std::string_view what) {
      notified.push_back(subject.text() + " " + observable + " " + std::string(what));
    });
  }
  StreamDelivery delivery{client, {}};
  Texts notified;
};

}  // namespace

TEST_CASE("a match is reported to every open alert and case that has the value") {
  Fixture w;
  const Subject in_case = w.new_case(), in_alert = w.new_alert();
  const StreamMatch match = a_match({w.observable(in_case), w.observable(in_alert)});
  REQUIRE(w.deliver(match).ok());
  CHECK(w.comments(in_case).size() == 1);
  CHECK(w.comments(in_alert).size() == 1);
  CHECK(w.notified ==
        Texts{in_case.text() + " 198.51.100.7 added", in_alert.text() + " 198.51.100.7 added"});
  CHECK(w.delivery.counts().commented == 2);
  CHECK(w.delivery.counts().seen() == 2);
}

TEST_CASE("what is closed or imported by now is not written to") {
  Fixture w;
  const Subject closed = w.new_case(), alert = w.new_alert("1"), imported = w.new_alert("2");
  const StreamMatch match =
      a_match({w.observable(closed), w.observable(alert), w.observable(imported)});
  w.close(closed);
  w.close(alert);
  const std::string made = w.send("POST", imported.path("case"), "{}");
  w.close(Subject::of_case(made));
  REQUIRE(w.deliver(match).ok());
  CHECK(w.delivery.counts().closed == 3);
  CHECK(w.delivery.counts().commented == 0);
  CHECK(w.comments(closed).empty());
  CHECK(w.comments(alert).empty());
  CHECK(w.comments(imported).empty());
}

TEST_CASE("an observable that is gone, or has another value by now, is none") {
  Fixture w;
  const Subject subject = w.new_case();
  const std::uint64_t other = w.observable(subject, "ip", "203.0.113.9");
  const std::uint64_t type = w.observable(subject, "other", "198.51.100.7");
  REQUIRE(w.deliver(a_match({other, type, 999999})).ok());
  CHECK(w.delivery.counts().closed == 1);
  CHECK(w.comments(subject).empty());
  CHECK(w.notified.empty());
}

TEST_CASE("a network is reported to the addresses in it, and an address to its networks") {
  Fixture w;
  const Subject subject = w.new_case();
  StreamMatch network = a_match({w.observable(subject)});
  network.key.value = "198.51.100.0/24";
  REQUIRE(w.deliver(network).ok());
  CHECK(w.notified == Texts{subject.text() + " 198.51.100.7 added"});
  StreamMatch address = a_match({w.observable(subject, "ip", "203.0.113.0/24")}, 2000);
  address.key.value = "203.0.113.9";
  REQUIRE(w.deliver(address).ok());
  CHECK(w.notified.back() == subject.text() + " 203.0.113.0/24 added");
}

TEST_CASE("observables of one match are looked up 100 at a time, each is reported once") {
  Fixture w;
  const Subject subject = w.new_case();
  const std::uint64_t there = w.observable(subject);
  std::vector<std::uint64_t> many(100, 900000);
  many.push_back(there);
  many.push_back(there);
  REQUIRE(w.deliver(a_match(many)).ok());
  CHECK(w.comments(subject).size() == 1);
}

TEST_CASE("after a failure the rest of a match is reported, and nothing twice") {
  // Of the requests below cases: two observables, the first comment; the second comment fails.
  Fixture w({"status=503,method=POST,path=/api/v1/case/*,after=3,first=1"});
  const Subject first = w.new_case(), second = w.new_case();
  const StreamMatch match = a_match({w.observable(first), w.observable(second)});
  CHECK(w.deliver(match).code() == ExitCode::unreachable);
  CHECK(w.delivery.counts().commented == 1);
  REQUIRE(w.deliver(match).ok());
  CHECK(w.notified.size() == 2);
  CHECK(w.delivery.counts().commented == 2);
  CHECK(w.delivery.counts().known == 0);
  CHECK(w.comments(first).size() == 1);
  CHECK(w.comments(second).size() == 1);
}

TEST_CASE("a delivery says what TheHive says: key, outage, refusal") {
  const auto code = [](const std::string& answer) {
    const test::CannedServer server({answer});
    http::Client http{http::ClientOptions{}};
    thehive::Client client(http, {server.url(), Secret("key"), ""});
    return StreamDelivery(client, {}).deliver(a_match({7}), {}).code();
  };
  CHECK(code(test::http_answer(401, R"({"type":"AuthenticationError","message":"no"})")) ==
        ExitCode::auth);
  CHECK(code(test::http_answer(503, "{}")) == ExitCode::unreachable);
  CHECK(code(test::http_answer(400, R"({"type":"BadRequest","message":"no"})")) ==
        ExitCode::refused);
}

TEST_CASE("a place without levels is read as strictly as can be") {
  // The observable, the version, the case without TLP and PAP, its comments.
  const test::CannedServer server(
      {test::http_answer(200, R"([{"_id":"~7","dataType":"ip","data":"198.51.100.7"}])"),
       test::http_answer(200, R"({"version":"5.7.3-1"})"),
       test::http_answer(200, R"([{"_id":"~1","stage":"New"}])"), test::http_answer(200, "[]")});
  http::Client http{http::ClientOptions{}};
  thehive::Client client(http, {server.url(), Secret("key"), ""});
  StreamDelivery delivery(client, {});
  StreamMatch match = a_match({7});
  match.markings = {"TLP:GREEN"};
  REQUIRE(delivery.deliver(match, {}).ok());
  CHECK(delivery.counts().withheld == 1);
  CHECK(server.requests().size() == 4);
}

}  // namespace socbridge::stream
