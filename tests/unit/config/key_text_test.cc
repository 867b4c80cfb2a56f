// SPDX-License-Identifier: Apache-2.0
#include "config/key_text.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::config;

namespace {

std::string key_of(std::string_view text) {
  const auto key = key_in(text, "key file k");
  INFO(key.status().line());
  REQUIRE(key.ok());
  return std::string(key->reveal());
}

std::string refusal(std::string_view text) {
  const auto key = key_in(text, "key file k");
  REQUIRE_FALSE(key.ok());
  CHECK(key.status().code() == ExitCode::usage);
  CHECK(key.status().line().find("hunter2") == std::string::npos);
  return key.status().line();
}

}  // namespace

TEST_CASE("the key of a text is its first line without blanks around it") {
  CHECK(key_of("hunter2") == "hunter2");
  CHECK(key_of("hunter2\n") == "hunter2");
  CHECK(key_of(" \thunter2 \r\nsecond\n") == "hunter2");
  CHECK(key_of("two words\n") == "two words");
  CHECK(key_of("k\xC3\xA9y\n") == "k\xC3\xA9y");
}

TEST_CASE("a byte order mark before the key is not part of it, one inside is") {
  CHECK(key_of("\xEF\xBB\xBFhunter2\r\n") == "hunter2");
  CHECK(key_of("hunter2\xEF\xBB\xBF") == "hunter2\xEF\xBB\xBF");
  CHECK(refusal("\xEF\xBB\xBF\n") == "key file k is empty; write the key as its first line");
}

TEST_CASE("a text whose first line is blank has no key, whatever follows") {
  for (const char* text : {"", "\n", " \t\r\n", "\nhunter2\n"}) {
    CHECK(refusal(text) == "key file k is empty; write the key as its first line");
  }
}

TEST_CASE("control characters in a key are refused, in later lines they do not matter") {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"hunter2\0x"sv, "hun\tter2"sv, "hunter2\rx"sv, "hunter2\x7F"sv, "hunter2\x1F"sv}) {
    CHECK(refusal(text) == "key file k holds control characters");
  }
  CHECK(key_of("hunter2\n\x01") == "hunter2");
}

TEST_CASE("key text: which bytes no header line may hold") {
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const std::string text = {'a', static_cast<char>(byte), 'b'};
    CHECK(has_control(text) == (byte < 0x20 || byte == 0x7F));
  }
  CHECK_FALSE(has_control(""));
}
