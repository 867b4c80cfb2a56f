// SPDX-License-Identifier: Apache-2.0
#include "hash/base64.h"

#include <catch2/catch.hpp>

using namespace socbridge;

TEST_CASE("base64 as RFC 4648 has it, and back") {
  struct Row {
    const char *bytes, *text;
  };
  for (const Row& row : {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"},
                         Row{"foob", "Zm9vYg=="}, Row{"fooba", "Zm9vYmE="},
                         Row{"foobar", "Zm9vYmFy"}, Row{"\xfb\xff\xbf", "+/+/"}}) {
    CAPTURE(row.text);
    CHECK(base64(row.bytes) == row.text);
    CHECK(from_base64(row.text) == row.bytes);
  }
  const std::string all = std::string("\0\x01\xff", 3) + std::string(10000, '\x80');
  CHECK(from_base64(base64(all)) == all);
}

TEST_CASE("base64 over several lines is read") {
  CHECK(from_base64("Zm9v\r\n YmFy\n") == "foobar");
}

TEST_CASE("text that is not base64 is refused") {
  for (const char* text : {"Zg", "Zg=", "Zm9v=", "Zm9v!", "Z", "Zm8=Zg==", "====", "-_-_"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
}
