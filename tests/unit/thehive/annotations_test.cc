// SPDX-License-Identifier: Apache-2.0
// Comments, pages, procedures and tags with a sandbox that stores its data.
#include "thehive/annotations.h"

#include "fixture.h"
#include "support/canned_server.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

constexpr const char* kMarker = "<!-- marker 1 -->";

std::string marked(const char* text) { return std::string(text) + "\n\n" + kMarker; }

Procedure technique(const char* id, const char* tactic = "") {
  return {id, 1700000000000, tactic, "seen"};
}

}  // namespace

TEST_CASE("a comment is written once and changed in place") {
  Fixture w;
  for (const Subject& subject : {w.new_case(), w.new_alert()}) {
    INFO(subject.text());
    REQUIRE(add_comment(w.client, subject, "of a person", Fixture::soon()).ok());
    CHECK(*put_comment(w.client, subject, kMarker, marked("one"), Fixture::soon()) ==
          Written::created);
    CHECK(*put_comment(w.client, subject, kMarker, marked("one"), Fixture::soon()) ==
          Written::unchanged);
    CHECK(*put_comment(w.client, subject, kMarker, marked("two"), Fixture::soon()) ==
          Written::changed);
    const auto comments = list_comments(w.client, subject, Fixture::soon());
    REQUIRE(comments.ok());
    REQUIRE(comments->size() == 2);
    CHECK((*comments)[0].message == "of a person");
    CHECK((*comments)[1].message == marked("two"));
    CHECK((*comments)[1].created_ms > 0);
  }
}

TEST_CASE("a comment whose answer was lost is not written twice") {
  Fixture w({"commit-then-drop,first=1,method=POST,path=/api/v1/case/*"});
  const Subject subject = w.new_case();
  CHECK(*put_comment(w.client, subject, kMarker, marked("one"), Fixture::soon()) ==
        Written::created);
  CHECK(list_comments(w.client, subject, Fixture::soon())->size() == 1);
}

TEST_CASE("a page is found by title and category") {
  Fixture w;
  const Subject subject = w.new_case();
  const Page page{"", "Context", "OpenCTI", "first"};
  CHECK(*put_page(w.client, subject, page, Fixture::soon()) == Written::created);
  CHECK(*put_page(w.client, subject, page, Fixture::soon()) == Written::unchanged);
  Page other = page;
  other.category = "mine";
  CHECK(*put_page(w.client, subject, other, Fixture::soon()) == Written::created);
  Page changed = page;
  changed.content = "second";
  CHECK(*put_page(w.client, subject, changed, Fixture::soon()) == Written::changed);
  const auto pages = list_pages(w.client, subject, Fixture::soon());
  REQUIRE(pages.ok());
  REQUIRE(pages->size() == 2);
  CHECK((*pages)[0].content == "second");
  CHECK((*pages)[1].content == "first");

  const auto of_alert = list_pages(w.client, Subject::alert("~1"), Fixture::soon());
  CHECK(of_alert.status().code() == ExitCode::usage);
}

TEST_CASE("procedures are added once; an unknown technique does not affect the others") {
  Fixture w;
  for (const Subject& subject : {w.new_case(), w.new_alert()}) {
    INFO(subject.text());
    const std::vector<Procedure> wanted = {technique("T1110"), technique("T1059.006", "execution"),
                                           technique("T1110")};
    auto written = put_procedures(w.client, subject, wanted, Fixture::soon());
    REQUIRE(written.ok());
    CHECK(written->added == 2);
    written = put_procedures(w.client, subject,
                             {technique("T1110"), technique("T9999"), technique("T1078")},
                             Fixture::soon());
    REQUIRE(written.ok());
    CHECK(written->present == 1);
    CHECK(written->added == 1);
    REQUIRE(written->refused.size() == 1);
    CHECK(written->refused[0].first == "T9999");
    CHECK(list_procedures(w.client, subject, Fixture::soon())->size() == 3);
  }
}

TEST_CASE("tags are added to existing ones") {
  for (const char* version : {"5.7.3-1", "5.0.25-1", "4.1.24-1"}) {
    INFO(version);
    Fixture w({}, version);
    const Subject subject = w.new_alert();
    const auto added = add_tags(w.client, subject, {"old", "new", "new", " "}, Fixture::soon());
    REQUIRE(added.ok());
    CHECK(*added == std::vector<std::string>{"new"});
    CHECK(*list_tags(w.client, subject, Fixture::soon()) == std::vector<std::string>{"old", "new"});
    CHECK(add_tags(w.client, subject, {"new"}, Fixture::soon())->empty());
  }
}

TEST_CASE("TheHive 4 reports missing features, and accepts procedures of cases") {
  Fixture w({}, "4.1.24-1");
  const Subject subject = w.new_case();
  const auto comments = list_comments(w.client, subject, Fixture::soon());
  CHECK(comments.status().message() == "TheHive 4.1.24-1 has no comments");
  CHECK_FALSE(put_page(w.client, subject, {"", "a", "b", "c"}, Fixture::soon()).ok());
  const auto written =
      put_procedures(w.client, subject, {technique("T1110", "credential-access")}, Fixture::soon());
  REQUIRE(written.ok());
  CHECK(written->added == 1);
  CHECK(list_procedures(w.client, subject, Fixture::soon())->size() == 1);
  CHECK_FALSE(list_procedures(w.client, w.new_alert(), Fixture::soon()).ok());
}

TEST_CASE("pages of a query are requested one after another") {
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

TEST_CASE("a server that returns more than a page gets one request") {
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

TEST_CASE("a missing object is reported in one line") {
  Fixture w;
  const Status status = add_comment(w.client, Subject::of_case("77"), "x", Fixture::soon());
  CHECK(status.code() == ExitCode::refused);
  CHECK(status.message() ==
        "adding a comment to case 77: HTTP 404 NotFoundError: Case 77 not found");
}

}  // namespace socbridge::thehive
