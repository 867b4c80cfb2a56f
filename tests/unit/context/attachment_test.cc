// SPDX-License-Identifier: Apache-2.0
// Attaches to a sandbox that stores its data.
#include "context/attachment.h"

#include <catch2/catch.hpp>

#include "soc-sandbox/thehive/server.h"
#include "thehive/annotations.h"

namespace socbridge::context {
namespace {

using thehive::Subject;

struct Fixture {
  explicit Fixture(std::vector<std::string> faults = {}) : server(start(std::move(faults))) {}
  static sandbox::Server start(std::vector<std::string> faults) {
    sandbox::ServerOptions options;
    options.port = 0;
    options.fail_rules = std::move(faults);
    auto started = sandbox::Server::start(std::move(options));
    REQUIRE(started.ok());
    return std::move(*started);
  }
  static Deadline soon() { return Deadline::after_ms(5000); }
  std::string post(const std::string& path, const std::string& body) {
    const auto made = client.send("making something", "POST", path, body, soon());
    INFO(made.status().line());
    REQUIRE(made.ok());
    const json::Value root = made->root();
    return (root.is_array() ? root.at(0) : root)["_id"].string_text();
  }
  Subject new_case() {
    return Subject::of_case(post("/api/v1/case", R"({"title":"c","description":""})"));
  }
  Subject new_alert() {
    return Subject::alert(post("/api/v1/alert",
                               R"({"type":"t","source":"s","sourceRef":"r","title":"a",)"
                               R"("description":"","date":1741938001000,"tags":["old"]})"));
  }
  // "object target result detail", a line each.
  std::string listed(const Subject& subject, const Attachment& what,
                     const AttachOptions& how = {}) {
    const auto steps = attach(client, subject, what, how, soon());
    INFO(steps.status().line());
    REQUIRE(steps.ok());
    std::string out;
    for (const Step& step : *steps) {
      out += step.what + " " + step.result + (step.detail.empty() ? "" : ": " + step.detail) + "\n";
    }
    return out;
  }
  sandbox::Server server;
  http::Client http{http::ClientOptions{}};
  thehive::Client client{http, {server.url(), Secret("key"), ""}};
};

Attachment note(const std::string& text = "**seen**") {
  Attachment out;
  out.marker = "socctl-context-1";
  out.title = "Context";
  out.text = text;
  return out;
}

constexpr AttachOptions kDry{NoteForm::comment, true}, kPage{NoteForm::page, false},
    kDryPage{NoteForm::page, true};

}  // namespace

TEST_CASE("nothing to attach: nothing is written") {
  Fixture fixture;
  CHECK(fixture.listed(fixture.new_case(), {}).empty());
  CHECK(fixture.listed(fixture.new_case(), {}, kDry).empty());
}

TEST_CASE("a comment is written once and updated in place") {
  Fixture fixture;
  for (const Subject& subject : {fixture.new_case(), fixture.new_alert()}) {
    CHECK(fixture.listed(subject, note(), kDry) == "comment would create\n");
    CHECK(fixture.listed(subject, note()) == "comment created\n");
    CHECK(fixture.listed(subject, note()) == "comment unchanged\n");
    CHECK(fixture.listed(subject, note(), kDry) == "comment unchanged\n");
    CHECK(fixture.listed(subject, note(" **seen** \n")) == "comment unchanged\n");
    CHECK(fixture.listed(subject, note("more"), kDry) == "comment would change\n");
    CHECK(fixture.listed(subject, note("more")) == "comment changed\n");
    const auto comments = thehive::list_comments(fixture.client, subject, Fixture::soon());
    REQUIRE(comments->size() == 1);
    CHECK((*comments)[0].message == "more\n\n`socctl-context-1`");
  }
}

TEST_CASE("comments of people and of other enrichments are not changed") {
  Fixture fixture;
  const Subject subject = fixture.new_case();
  REQUIRE(thehive::add_comment(fixture.client, subject, "of a person", Fixture::soon()).ok());
  Attachment other = note();
  other.marker = "socctl-context-2";
  fixture.listed(subject, other);
  CHECK(fixture.listed(subject, note(), kDry) == "comment would create\n");
  CHECK(fixture.listed(subject, note()) == "comment created\n");
  CHECK(thehive::list_comments(fixture.client, subject, Fixture::soon())->size() == 3);
}

TEST_CASE("a page exists only in cases and is found by its title") {
  Fixture fixture;
  const auto refused =
      attach(fixture.client, fixture.new_alert(), note(), kPage, Fixture::soon()).status();
  CHECK(refused.code() == ExitCode::usage);
  const Subject subject = fixture.new_case();
  CHECK(fixture.listed(subject, note(), kDryPage) == "page would create\n");
  CHECK(fixture.listed(subject, note(), kPage) == "page created\n");
  CHECK(fixture.listed(subject, note(), kDryPage) == "page unchanged\n");
  CHECK(fixture.listed(subject, note("x"), kDryPage) == "page would change\n");
  CHECK(fixture.listed(subject, note("x"), kPage) == "page changed\n");
  Attachment second = note();
  second.title = "Another";
  CHECK(fixture.listed(subject, second, kDryPage) == "page would create\n");
  CHECK(fixture.listed(subject, second, kPage) == "page created\n");
  CHECK(thehive::list_pages(fixture.client, subject, Fixture::soon())->size() == 2);
}

TEST_CASE("attachment: only tags that are missing are added") {
  Fixture fixture;
  const Subject subject = fixture.new_alert();
  Attachment tags;
  tags.tags = {"old", "a", "b"};
  CHECK(fixture.listed(subject, tags, kDry) == "tags would create: a, b\n");
  CHECK(fixture.listed(subject, tags) == "tags created: a, b\n");
  CHECK(fixture.listed(subject, tags) == "tags unchanged\n");
  CHECK(fixture.listed(subject, tags, kDry) == "tags unchanged\n");
}

TEST_CASE("tags of observables, each by its name") {
  Fixture fixture;
  const Subject subject = fixture.new_case();
  const std::string id = fixture.post("/api/v1/case/" + subject.id + "/observable",
                                      R"({"dataType":"ip","data":["203.0.113.9"]})");
  Attachment tags;
  tags.observable_tags = {{id, "203.0.113.9", {"seen"}}, {id, "203.0.113.9", {}}};
  const auto steps = attach(fixture.client, subject, tags, {}, Fixture::soon());
  REQUIRE(steps.ok());
  REQUIRE(steps->size() == 1);
  CHECK((*steps)[0].what == "observable tags");
  CHECK((*steps)[0].target == "203.0.113.9");
  CHECK((*steps)[0].result == "created");
  CHECK(fixture.listed(subject, tags) == "observable tags unchanged\n");
}

TEST_CASE("missing procedures are added; one without a tactic matches any of its technique") {
  Fixture fixture;
  const Subject subject = fixture.new_case();
  Attachment procedures;
  procedures.procedures = {{"T1110", 1700000000000, "credential-access", ""}};
  CHECK(fixture.listed(subject, procedures, kDry) == "procedures would create: T1110\n");
  CHECK(fixture.listed(subject, procedures) == "procedures created: 1 added\n");
  CHECK(fixture.listed(subject, procedures) == "procedures unchanged\n");
  procedures.procedures[0].tactic.clear();
  CHECK(fixture.listed(subject, procedures, kDry) == "procedures unchanged\n");
}

TEST_CASE("a failure ends it, a dry run fails like the real one") {
  for (const bool dry : {false, true}) {
    Fixture fixture;
    Attachment all = note();
    all.tags = {"a"};
    const auto steps = attach(fixture.client, Subject::of_case("~404"), all,
                              {NoteForm::comment, dry}, Fixture::soon());
    CHECK_FALSE(steps.ok());
  }
}

}  // namespace socbridge::context
