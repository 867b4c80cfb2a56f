// SPDX-License-Identifier: Apache-2.0
#include "thehive/query.h"

#include "fixture.h"
#include "support/canned_server.h"
#include "thehive/annotations.h"

namespace socbridge::thehive {
namespace {

// Lists everything of a server with these answers, two items a page.
struct Canned {
  explicit Canned(std::vector<std::string> answers) : server(std::move(answers)) {}
  Status list(std::uint64_t limit = 0, int most = 1000) {
    return for_each(
        client, {"label", Query("listAlert"), limit, 2},
        [&](const json::Value&) { return ++seen < most; }, Deadline::after_ms(20000));
  }
  int seen = 0;
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http, {server.url(), Secret("key"), ""}};
};

}  // namespace

TEST_CASE("the operations of a query stand in the order in which they were added") {
  Query query("listAlert");
  query.where(filter::is("severity", std::int64_t{3}))
      .sort("date", Order::descending)
      .page(0, 50, {"links"});
  CHECK(query.text() == R"([{"_name":"listAlert"},)"
                        R"({"_name":"filter","_is":{"_field":"severity","_value":3}},)"
                        R"({"_name":"sort","_fields":[{"date":"desc"}]},)"
                        R"({"_name":"page","from":0,"to":50,"extraData":["links"]}])");
  CHECK(Query("listCase").sort("a", Order::ascending).count().text() ==
        R"([{"_name":"listCase"},{"_name":"sort","_fields":[{"a":"asc"}]},{"_name":"count"}])");
}

TEST_CASE("a query of one thing names it by id") {
  CHECK(Query(Subject::alert("~1")).text() == R"([{"_name":"getAlert","idOrName":"~1"}])");
  CHECK(Query(Subject::of_case("42")).to("pages").text() ==
        R"([{"_name":"getCase","idOrName":"42"},{"_name":"pages"}])");
  CHECK(Query(Subject::observable("~\"")).text() ==
        R"([{"_name":"getObservable","idOrName":"~\""}])");
}

TEST_CASE("filters compare texts, numbers and flags each in their JSON form") {
  CHECK(filter::is("a", "true") == R"({"_is":{"_field":"a","_value":"true"}})");
  CHECK(filter::is("a", true) == R"({"_is":{"_field":"a","_value":true}})");
  CHECK(filter::at_least("a", -1) == R"({"_gte":{"_field":"a","_value":-1}})");
  CHECK(filter::below("a", 5) == R"({"_lt":{"_field":"a","_value":5}})");
  CHECK(filter::in("a", {"x", "\"}"}) == R"({"_in":{"_field":"a","_values":["x","\"}"]}})");
}

TEST_CASE("filters are combined; of none nothing is filtered") {
  const std::string a = filter::is("a", true);
  const std::string b = filter::is("b", true);
  CHECK(filter::all({a, b}) == R"({"_and":[)" + a + "," + b + "]}");
  CHECK(filter::any({a, b}) == R"({"_or":[)" + a + "," + b + "]}");
  CHECK(filter::none_of(a) == R"({"_not":)" + a + "}");
  CHECK(filter::all({a}) == a);
  CHECK(filter::any({}).empty());
  CHECK(Query("listAlert").where(filter::all({})).text() == R"([{"_name":"listAlert"}])");
}

TEST_CASE("a hostile value stays one JSON string of the filter") {
  const std::string text = filter::is("data", "x\"},{\"_name\":\"delete\n");
  const auto document = json::Document::parse(Query("listAlert").where(text).text());
  REQUIRE(document.ok());
  CHECK(document->root().size() == 2);
  CHECK(document->root().at(1)["_is"]["_value"].string() == "x\"},{\"_name\":\"delete\n");
}

TEST_CASE("pages of a query are asked one after another") {
  Fixture w;
  const Subject subject = w.new_case();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(add_comment(w.client, subject, std::to_string(i), Fixture::soon()).ok());
  }
  std::string seen;
  const auto take = [&](json::Value one) {
    seen += *one["message"].string();
    return true;
  };
  REQUIRE(
      for_each(w.client, {"t", Query(subject).to("comments"), 0, 2}, take, Fixture::soon()).ok());
  CHECK(seen == "01234");
  seen.clear();
  REQUIRE(
      for_each(w.client, {"t", Query(subject).to("comments"), 3, 2}, take, Fixture::soon()).ok());
  CHECK(seen == "012");
}

TEST_CASE("a server that gives more than its page is asked once") {
  test::CannedServer server({test::http_answer(200, R"([{"message":"a"},{},{}])")});
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("key"), ""});
  int seen = 0;
  const auto take = [&](const json::Value&) { return ++seen < 1000; };
  const Status listed =
      for_each(client, {"t", Query("listAlert"), 0, 2}, take, Deadline::after_ms(20000));
  CHECK(listed.code() == ExitCode::refused);
  CHECK_THAT(listed.message(), Catch::Contains("more items than requested"));
  CHECK(seen == 0);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a page that is not full is the last one") {
  Canned w({test::http_answer(200, "[{},{}]"), test::http_answer(200, "[{}]")});
  REQUIRE(w.list().ok());
  CHECK(w.seen == 3);
  CHECK(w.server.requests().size() == 2);
  CHECK(w.server.requests()[0] == "POST /api/v1/query?name=label HTTP/1.1");
}

TEST_CASE("who takes no more ends the listing without an error") {
  Canned w({test::http_answer(200, "[{},{}]")});
  REQUIRE(w.list(0, 3).ok());
  CHECK(w.seen == 3);
  CHECK(w.server.requests().size() == 2);
}

TEST_CASE("an answer that is not a list, and a failure on a later page, end the listing") {
  Canned object({test::http_answer(200, "{}")});
  const Status none = object.list();
  CHECK(none.code() == ExitCode::refused);
  CHECK(none.line() ==
        "query label: the answer is not a list; check that the URL is TheHive's own");
  Canned later({test::http_answer(200, "[{},{}]"), test::http_answer(503, "{}")});
  CHECK(later.list().code() == ExitCode::unreachable);
  CHECK(later.seen == 2);
}

}  // namespace socbridge::thehive
