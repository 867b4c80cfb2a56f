// SPDX-License-Identifier: Apache-2.0
#include "receive/tokens.h"

#include <catch2/catch.hpp>

namespace socbridge::receive {
namespace {

Tokens two() { return *Tokens::of({Secret("first-0123456789ab"), Secret("second-0123456789a")}); }

TEST_CASE("a token is shown as bearer or as a password") {
  const Tokens tokens = two();
  CHECK(tokens.allow("Bearer first-0123456789ab"));
  CHECK(tokens.allow("bearer  second-0123456789a"));
  CHECK(tokens.allow("Basic Z3JheWxvZzpmaXJzdC0wMTIzNDU2Nzg5YWI="));  // graylog:first-…
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "Bearer first-0123456789a", "Bearer first-0123456789abc",
        "first-0123456789ab", "Basic first-0123456789ab", "Basic !!!!",
        "Basic Z3JheWxvZw==", "Digest first-0123456789ab"}) {
    CAPTURE(wrong);
    CHECK_FALSE(tokens.allow(wrong));
  }
  CHECK_FALSE(tokens.allow("Basic " + std::string(100000, 'A')));
}

TEST_CASE("an invalid token is refused and not repeated") {
  for (const char* text : {"", "short", "with a blank in the middle", "0123456789abcdef\n"}) {
    const auto tokens = Tokens::of({Secret(text)});
    REQUIRE_FALSE(tokens.ok());
    CHECK(tokens.status().code() == ExitCode::usage);
    if (*text != '\0') CHECK(tokens.status().line().find(text) == std::string::npos);
  }
  CHECK(Tokens::of({})->empty());
}

}  // namespace
}  // namespace socbridge::receive
