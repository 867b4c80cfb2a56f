// SPDX-License-Identifier: Apache-2.0
#include "opensearch/state_store.h"

#include <catch2/catch.hpp>

#include "scripted.h"

namespace socbridge::opensearch {
using test::Scripted;

namespace {

using Lines = std::vector<std::string>;
const std::string kConflict = Scripted::answer("409 Conflict", R"({"status":409})");
const std::string kGone = Scripted::answer("404 Not Found", R"({"found":false})");

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : node(std::move(answers)) {}
  Scripted node;
  Connection connection = node.connection();
  StateStore store{connection, ".state"};
};

}  // namespace

TEST_CASE("state store: an existing index is not changed") {
  Fixture fixture({Scripted::fine("")});
  CHECK(fixture.store.make().ok());
  CHECK(fixture.node.lines() == Lines{"HEAD /.state"});
  CHECK(fixture.store.index() == ".state");
}

TEST_CASE("a missing index is created, also if another worker creates it at that moment") {
  Fixture made({Scripted::answer("404 Not Found", ""), Scripted::fine("{}")});
  CHECK(made.store.make().ok());
  CHECK(made.node.lines() == Lines{"HEAD /.state", "PUT /.state"});
  CHECK_THAT(made.node.requests()[1], Catch::Contains(R"("dynamic":false)"));
  Fixture raced({Scripted::answer("404 Not Found", ""),
                 Scripted::answer("400 Bad", R"({"error":"resource_already_exists_exception"})")});
  CHECK(raced.store.make().ok());
  Fixture refused({Scripted::answer("404 Not Found", ""), Scripted::forbidden()});
  CHECK(refused.store.make().code() == ExitCode::auth);
}

TEST_CASE("a document is returned with its version; a missing one is empty") {
  Fixture fixture({Scripted::fine(R"({"_id":"a b","_seq_no":7,"_primary_term":2,)"
                                  R"("_source":{"kind":"x","n":1}})")});
  const auto got = fixture.store.get("a b");
  REQUIRE(got.ok());
  REQUIRE(got->has_value());
  CHECK((*got)->id == "a b");
  CHECK((*got)->version == Version{7, 2});
  CHECK((*got)->source == R"({"kind":"x","n":1})");
  CHECK(fixture.node.lines() == Lines{"GET /.state/_doc/a%20b"});
  Fixture none({kGone});
  CHECK_FALSE(none.store.get("x")->has_value());
  Fixture broken({Scripted::answer("500 Error", "{}")});
  CHECK_FALSE(broken.store.get("x").ok());
}

TEST_CASE("state store: an id cannot change the request") {
  Fixture fixture({kGone});
  static_cast<void>(fixture.store.get("../_search?q=x#"));
  static_cast<void>(fixture.store.remove("a/b?refresh"));
  for (const std::string& line : fixture.node.lines()) {
    CAPTURE(line);
    CHECK(line.find("/_search") == std::string::npos);
    CHECK(line.find("/b") == std::string::npos);
  }
}

TEST_CASE("a document that was not seen is created, a seen one is replaced only if unchanged") {
  const std::string written = Scripted::fine(R"({"_id":"i","_seq_no":8,"_primary_term":2})");
  Fixture fresh({written});
  const auto made = fresh.store.put("i", "{}", {});
  REQUIRE(made.ok());
  CHECK(*made == Version{8, 2});
  CHECK(fresh.node.lines() == Lines{"PUT /.state/_doc/i?op_type=create"});
  Fixture seen({written});
  REQUIRE(seen.store.put("i", R"({"n":2})", Version{7, 2}).ok());
  CHECK(seen.node.lines() == Lines{"PUT /.state/_doc/i?if_seq_no=7&if_primary_term=2"});
  CHECK_THAT(seen.node.requests()[0], Catch::EndsWith(R"({"n":2})"));
}

TEST_CASE("a conflict is another's write, unless it is our own with a lost answer") {
  Fixture own({kConflict, Scripted::fine(R"({"_id":"i","_seq_no":9,"_primary_term":3,)"
                                         R"("_source":{"n": 2 }})")});
  const auto found = own.store.put("i", R"({"n":2})", Version{7, 2});
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  CHECK(**found == Version{9, 3});
  Fixture other({kConflict, Scripted::fine(R"({"_id":"i","_seq_no":9,"_primary_term":3,)"
                                           R"("_source":{"n":3}})")});
  CHECK_FALSE(other.store.put("i", R"({"n":2})", Version{7, 2})->has_value());
  Fixture removed({kConflict, kGone});
  CHECK_FALSE(removed.store.put("i", R"({"n":2})", Version{7, 2})->has_value());
  Fixture unknown({kConflict, Scripted::answer("500 Error", "{}")});
  CHECK_FALSE(unknown.store.put("i", R"({"n":2})", Version{7, 2}).ok());
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.store.put("i", "{}", {}).status().code() == ExitCode::auth);
}

TEST_CASE("removed or missing documents are not in the next list") {
  Fixture fixture({Scripted::fine("{}")});
  CHECK(fixture.store.remove("i").ok());
  CHECK(fixture.node.lines() == Lines{"DELETE /.state/_doc/i?refresh=true"});
  Fixture gone({kGone});
  CHECK(gone.store.remove("i").ok());
  Fixture refused({Scripted::forbidden()});
  CHECK(refused.store.remove("i").code() == ExitCode::auth);
}

TEST_CASE("all documents of a name, whatever the name contains") {
  Fixture fixture({Scripted::fine(
      R"({"hits":{"hits":[{"_id":"a","_seq_no":1,"_primary_term":1,"_source":{"n":1}},{"_id":5},7]}})")});
  const auto list = fixture.store.list("x\"}}");
  REQUIRE(list.ok());
  REQUIRE(list->size() == 3);
  CHECK((*list)[0].version == Version{1, 1});
  CHECK((*list)[1].version == Version{});
  CHECK_THAT(fixture.node.requests()[0], Catch::Contains(R"({"name":"x\"}}"})"));
  Fixture none({Scripted::fine("{}")});
  CHECK(none.store.list("x")->empty());
  Fixture broken({Scripted::answer("503 Busy", "{}")});
  CHECK_FALSE(broken.store.list("x").ok());
}

}  // namespace socbridge::opensearch
