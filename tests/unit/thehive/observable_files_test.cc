// SPDX-License-Identifier: Apache-2.0
#include "thehive/observable_files.h"

#include "fixture.h"
#include "hash/digest.h"
#include "support/canned_server.h"
#include "support/temp_dir.h"

namespace socbridge::thehive {
namespace {

Observable file(const std::string& path) {
  Observable out;
  out.data_type = "file";
  out.data = path;
  out.message = "dropped";
  out.tlp = 3;
  return out;
}

const std::string kVersion = test::http_answer(200, R"({"version":"5.7.3-1"})");
const std::string kNone = test::http_answer(200, "[]");

// The list of observables with one that has these bytes.
std::string listed() {
  return test::http_answer(200, R"([{"_id":"~8","dataType":"file","attachment":{"id":")" +
                                    sha256_hex("bytes") + R"(","name":"other.bin"}}])");
}

// Adds a file to case ~1 of a server with these answers.
struct Canned {
  explicit Canned(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<FileAdded> add() {
    return add_file(Env::real(), client, Subject::of_case("~1"),
                    file(home.write("mal.bin", "bytes")), Fixture::soon());
  }
  test::TempDir home;
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http, {server.url(), Secret("key"), ""}};
};

}  // namespace

TEST_CASE("a file is added once, by its bytes, to alerts and cases of every version") {
  const test::TempDir home;
  const std::string path = home.write("folder/mal.bin", std::string("\0MZ\r\n--x", 8));
  const std::string copy = home.write("copy.bin", std::string("\0MZ\r\n--x", 8));
  for (const char* version : {"5.7.3-1", "4.1.24-1"}) {
    Fixture w({}, version);
    for (const Subject& subject : {w.new_case(), w.new_alert()}) {
      INFO(version << " " << subject.text());
      const auto added = add_file(Env::real(), w.client, subject, file(path), Fixture::soon());
      REQUIRE(added.ok());
      CHECK_FALSE(added->present);
      CHECK(added->observable.file_name == "mal.bin");
      CHECK(added->observable.tlp == 3);
      CHECK(added->observable.message == "dropped");
      const auto again = add_file(Env::real(), w.client, subject, file(copy), Fixture::soon());
      REQUIRE(again.ok());
      CHECK(again->present);
      CHECK(again->observable.id == added->observable.id);
      CHECK(list_observables(w.client, subject, Fixture::soon())->size() == 1);
    }
  }
}

TEST_CASE("a file that cannot be read is a mistake of the user, and costs no request") {
  Fixture w;
  const test::TempDir home;
  const auto before = w.server.request_count();
  for (const std::string& path : {home / "none", home.path()}) {
    const auto added =
        add_file(Env::real(), w.client, Subject::of_case("~1"), file(path), Fixture::soon());
    CHECK(added.status().code() == ExitCode::usage);
    CHECK_THAT(added.status().message(), Catch::Contains(path));
  }
  CHECK(w.server.request_count() == before);
}

TEST_CASE("a file whose answer was lost is not sent twice") {
  Fixture w({"commit-then-drop,first=1,method=POST,path=/api/v1/case/*"});
  const test::TempDir home;
  const Subject subject = w.new_case();
  const auto added =
      add_file(Env::real(), w.client, subject, file(home.write("a.bin", "bytes")), Fixture::soon());
  REQUIRE(added.ok());
  CHECK_FALSE(added->present);
  CHECK(list_observables(w.client, subject, Fixture::soon())->size() == 1);
}

TEST_CASE("a file is found by its digest only") {
  Canned w({listed()});
  const Subject subject = Subject::of_case("~1");
  const auto found = find_file(w.client, subject, sha256_hex("bytes"), Fixture::soon());
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  CHECK((*found)->id == "~8");
  const auto other = find_file(w.client, subject, sha256_hex("others"), Fixture::soon());
  REQUIRE(other.ok());
  CHECK_FALSE(other->has_value());
}

TEST_CASE("a look that fails sends no file") {
  Canned w({test::http_answer(503, "{}")});
  CHECK(w.add().status().code() == ExitCode::unreachable);
  CHECK(w.server.requests().size() == 1);
}

TEST_CASE("a file that TheHive refuses is refused with its words") {
  const std::string partly = test::http_answer(
      207, R"({"success":[],"failure":[{"type":"X","message":"too\u001b large"}]})");
  Canned in_part({kNone, kVersion, partly, kNone});
  const Status refused = in_part.add().status();
  CHECK(refused.code() == ExitCode::refused);
  CHECK_THAT(refused.message(), Catch::StartsWith("too") && Catch::EndsWith(" large"));
  CHECK(refused.message().find('\x1b') == std::string::npos);

  Canned silent({kNone, kVersion, test::http_answer(201, "[]"), kNone});
  CHECK(silent.add().status().message() == "TheHive answered without it");

  Canned whole(
      {kNone, kVersion, test::http_answer(403, R"({"type":"AuthorizationError","message":"no"})")});
  const Status key = whole.add().status();
  CHECK(key.code() == ExitCode::auth);
  CHECK(key.message() == "adding a file to case ~1: HTTP 403 AuthorizationError: no");
  CHECK(whole.server.requests().size() == 3);  // it was not looked for again
}

TEST_CASE("a file that an answer leaves out and a look finds was added") {
  Canned lost({kNone, kVersion, test::http_answer(201, ""), listed()});
  const auto added = lost.add();
  REQUIRE(added.ok());
  CHECK(added->observable.id == "~8");
  CHECK_FALSE(added->present);
}

}  // namespace socbridge::thehive
