// SPDX-License-Identifier: Apache-2.0
// Comments, pages, procedures and tags with a sandbox that stores its data.
#include "thehive/annotations.h"

#include "fixture.h"

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

TEST_CASE("annotations: tags are added to what is there") {
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

TEST_CASE("what is not there is said in one line") {
  Fixture w;
  const Status status = add_comment(w.client, Subject::of_case("77"), "x", Fixture::soon());
  CHECK(status.code() == ExitCode::refused);
  CHECK(status.message() ==
        "adding a comment to case 77: HTTP 404 NotFoundError: Case 77 not found");
}

}  // namespace socbridge::thehive
