// SPDX-License-Identifier: Apache-2.0
// The bytes of an entry; damage of every byte is in spool_test.cc.
#include <catch2/catch.hpp>

#include "hash/digest.h"
#include "spool/spool.h"

using namespace socbridge;
using namespace socbridge::spool;

namespace {

// Bytes of an entry with this header and alert, with a correct checksum.
std::string made(const std::string& header, const std::string& alert,
                 const std::string& magic = "socbridge-spool 1\n") {
  const std::string body = magic + header + "\n" + alert;
  return body + "\nsha256 " + sha256_hex(body) + "\n";
}

std::string error_of(const std::string& bytes) {
  const auto entry = decode(bytes);
  REQUIRE_FALSE(entry.ok());
  CHECK(entry.status().code() == ExitCode::bad_input);
  return entry.status().message();
}

}  // namespace

TEST_CASE("the form of an entry is the documented one") {
  CHECK(encode({"w", "http://t", "{}", 5, "{\"a\":1}", "acme"}) ==
        made(R"({"destination":"acme","integration":"w","hook_url":"http://t","options":"{}",)"
             R"("accepted_ms":5,"length":7})",
             "{\"a\":1}"));
}

TEST_CASE("an alert is read back byte for byte, whatever its content") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const std::string& alert :
       {std::string(), std::string("\n"), std::string("\n\n\n"), std::string(1, '\0'), all,
        std::string("\nsha256 ") + std::string(64, '0') + "\n", made("{}", "x"),
        std::string(3 << 20, 'x')}) {
    const auto back = decode(encode({"w", "", "", 1, alert}));
    REQUIRE(back.ok());
    CHECK(back->alert == alert);
  }
}

TEST_CASE("texts of the header are read back, with controls and quotes") {
  Entry entry{"a\"b\\\n", "http://x/\x01", std::string("\0\x1f", 2), -5, "{}", "d"};
  const auto back = decode(encode(entry));
  REQUIRE(back.ok());
  CHECK(back->integration == entry.integration);
  CHECK(back->hook_url == entry.hook_url);
  CHECK(back->options == entry.options);
  CHECK(back->accepted_ms == -5);
}

TEST_CASE("invalid text in a header is repaired, and the entry stays complete") {
  const auto back = decode(encode({"a\xff", "", "\xc3(", 1, "\xff\xfe"}));
  REQUIRE(back.ok());
  CHECK(back->integration == "a\xef\xbf\xbd");
  CHECK(back->alert == "\xff\xfe");
}

TEST_CASE("members of a later version are ignored, missing ones are empty") {
  const auto entry = decode(made(R"({"later":[1,{"a":2}],"length":1})", "x"));
  REQUIRE(entry.ok());
  CHECK(entry->alert == "x");
  CHECK(entry->integration.empty());
  CHECK(entry->destination.empty());
  CHECK(entry->accepted_ms == 0);
  const auto odd = decode(made(
      R"({"integration":5,"hook_url":null,"options":{"a":1},"accepted_ms":"x","length":1})", "x"));
  REQUIRE(odd.ok());
  CHECK(odd->integration.empty());
  CHECK(odd->options.empty());
}

TEST_CASE("a damaged entry has the kind of damage") {
  CHECK(error_of("") == "damaged spool entry: no magic line of a known version");
  CHECK(error_of(made("{}", "", "socbridge-spool 2\n")) ==
        "damaged spool entry: no magic line of a known version");
  CHECK(error_of("socbridge-spool 1\n{}") == "damaged spool entry: truncated");
  CHECK(error_of(made(R"({"length":1})", "x") + "x") ==
        "damaged spool entry: the checksum does not match");
  const std::string no_header = "socbridge-spool 1\n";
  CHECK(error_of(no_header + "\nsha256 " + sha256_hex(no_header) + "\n") ==
        "damaged spool entry: no header");
  for (const char* header : {"[]", "{", "", "null", "{} {}"}) {
    CAPTURE(header);
    CHECK(error_of(made(header, "x")) == "damaged spool entry: the header is not JSON");
  }
  for (const char* length :
       {"0", "2", "-1", "1.5", "\"1\"", "null", "18446744073709551617", "1e300"}) {
    CAPTURE(length);
    CHECK(error_of(made(R"({"length":)" + std::string(length) + "}", "x")) ==
          "damaged spool entry: the length does not match");
  }
}

TEST_CASE("the destination is read from the first bytes") {
  const std::string named = encode({"w", "", "", 1, "{}", "acme"});
  const std::string none = encode({"w", "", "", 1, "{}"});
  CHECK(destination_of(named.substr(0, kDestinationBytes)) == "acme");
  CHECK(destination_of(none.substr(0, kDestinationBytes)) == "");
  CHECK(destination_of("socbridge-spool 1\n") == "");
  CHECK_FALSE(destination_of(""));
  CHECK_FALSE(destination_of("socbridge-spool 1"));
  CHECK_FALSE(destination_of(R"(socbridge-spool 1
{"destination":"cut)"));
  CHECK(destination_of(encode({"w", "", "", 1, "{}", kUndecided})) == kUndecided);
}
