// SPDX-License-Identifier: Apache-2.0
#include "web/basic_users.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge;
using web::BasicUsers;

namespace {

// Of "right-password", at the least cost.
const std::string kHash = "$2b$04$abcdefghijklmnopqrstuuS80hwFD6gSIL20SCUGvmL7S939BjOHW";

}  // namespace

TEST_CASE("a name with its password, again and again") {
  auto users = BasicUsers::of({{"prometheus", kHash}});
  REQUIRE(users.ok());
  for (int i = 0; i < 2; ++i) {
    CHECK(users->check("Basic cHJvbWV0aGV1czpyaWdodC1wYXNzd29yZA=="));
    CHECK_FALSE(users->check("Basic cHJvbWV0aGV1czp3cm9uZw=="));      // prometheus:wrong
    CHECK_FALSE(users->check("Basic b3RoZXI6cmlnaHQtcGFzc3dvcmQ="));  // other:right-password
    CHECK_FALSE(users->check("Bearer cHJvbWV0aGV1czpyaWdodC1wYXNzd29yZA=="));
    CHECK_FALSE(users->check(""));
  }
}

TEST_CASE("a correct login is cached, with the same hash also after a change of the users") {
  const std::string login = "Basic cHJvbWV0aGV1czpyaWdodC1wYXNzd29yZA==";
  auto users = BasicUsers::of({{"prometheus", kHash}});
  REQUIRE(users.ok());
  CHECK(users->known("") == BasicUsers::Login::wrong);
  CHECK(users->known(login) == BasicUsers::Login::unknown);
  CHECK(users->check(login));
  CHECK(users->known(login) == BasicUsers::Login::right);
  CHECK(users->known("Basic cHJvbWV0aGV1czp3cm9uZw==") == BasicUsers::Login::unknown);

  auto more = BasicUsers::of({{"prometheus", kHash}, {"other", kHash}});
  REQUIRE(more.ok());
  CHECK(more->known(login) == BasicUsers::Login::unknown);
  more->keep(*users);
  CHECK(more->known(login) == BasicUsers::Login::right);
  CHECK(more->known("Basic b3RoZXI6cmlnaHQtcGFzc3dvcmQ=") == BasicUsers::Login::unknown);

  std::string another = kHash;
  another.back() = 'a';
  auto changed = BasicUsers::of({{"prometheus", another}});
  REQUIRE(changed.ok());
  changed->keep(*users);
  CHECK(changed->known(login) == BasicUsers::Login::unknown);
  CHECK_FALSE(changed->check(login));
  CHECK_FALSE(BasicUsers().check(login));
}

TEST_CASE("basic users: the visible content of a field") {
  const auto login = web::read_basic("basic  YTpiOmM=");
  REQUIRE(login);
  CHECK(login->user == "a");
  CHECK(login->password.reveal() == "b:c");
  for (const std::string& wrong : {std::string("Basic"), std::string("Basic !!"),
                                   std::string("Basic YWJj"), "Basic " + std::string(8000, 'A')}) {
    CHECK_FALSE(web::read_basic(wrong));
  }
}

TEST_CASE("basic users: hashes that are none of bcrypt's") {
  const auto refusal = [](const std::string& user, const std::string& hash) {
    const auto users = BasicUsers::of({{user, hash}});
    return users.ok() ? std::string() : users.status().line();
  };
  CHECK(refusal("u", kHash).empty());
  for (const char* wrong : {"", "secret", "$6$salt$hash", "$2b$04$short"}) {
    const std::string said = refusal("u", wrong);
    CHECK_THAT(said, Catch::Contains("not hashed by bcrypt"));
    CHECK_THAT(said, !Catch::Contains("secret"));
  }
  CHECK_THAT(refusal("u", "$2b$20" + kHash.substr(6)), Catch::Contains("cost above 14"));
  CHECK_THAT(refusal("a:b", kHash), Catch::Contains("is not a valid user name for Basic"));
}
