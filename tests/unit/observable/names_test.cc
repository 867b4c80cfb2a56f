// SPDX-License-Identifier: Apache-2.0
#include "observable/names.h"

#include <catch2/catch.hpp>

using namespace socbridge::observable;

TEST_CASE("international names get their ASCII form") {
  CHECK(ascii_name("m\xC3\xBCnchen.example") == "xn--mnchen-3ya.example");
  CHECK(ascii_name("plain.example") == "plain.example");
  CHECK(ascii_name("\xFF.example") == "\xFF.example");  // invalid UTF-8: unchanged
  CHECK(ascii_url("https://user:p\xC3\xA4@m\xC3\xBCnchen.example:8080/\xC3\xA4?q=\xC3\xBC") ==
        "https://user:p\xC3\xA4@xn--mnchen-3ya.example:8080/\xC3\xA4?q=\xC3\xBC");
  CHECK(ascii_url("https://m\xC3\xBCnchen.example") == "https://xn--mnchen-3ya.example");
  CHECK(ascii_url("https://a.example/@\xC3\xA4") == "https://a.example/@\xC3\xA4");
}

TEST_CASE("types from the last part of a name") {
  struct Row {
    const char* name;
    NameKind kind;
  };
  for (const Row& row :
       {Row{"a.example.com", NameKind::public_name}, Row{"a.co.uk", NameKind::public_name},
        Row{"bad.example", NameKind::public_name}, Row{"xn--mnchen-3ya.de", NameKind::public_name},
        Row{"pc.corp", NameKind::private_name}, Row{"pc.local", NameKind::private_name},
        Row{"nas.home.arpa", NameKind::private_name}, Row{"localhost", NameKind::private_name},
        Row{"setup.exe", NameKind::file_name}, Row{"a.b.xlsm", NameKind::file_name},
        Row{"a.nosuchsuffix", NameKind::unknown}, Row{"word", NameKind::unknown},
        Row{"install.sh", NameKind::public_name}}) {  // .sh is a country
    CAPTURE(row.name);
    CHECK(name_kind(row.name) == row.kind);
  }
}

TEST_CASE("a public domain is a name, not any text") {
  CHECK(is_public_domain("login.example.com"));
  CHECK(is_public_domain("m\xC3\xBCnchen.example"));
  for (const char* text : {"", "com", "setup.exe", "pc.local", "a b.example.com", "203.0.113.9"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public_domain(text));
  }
}

TEST_CASE("ports and reverse names") {
  CHECK(without_port("a.example:8080") == "a.example");
  CHECK(without_port("a.example:") == "a.example:");
  CHECK(without_port("a.example:http") == "a.example:http");
  CHECK(without_port("a.example") == "a.example");
  CHECK(is_reverse_name("9.113.0.203.in-addr.arpa"));
  CHECK(is_reverse_name("1.0.8.b.d.0.1.0.0.2.ip6.arpa"));
  CHECK_FALSE(is_reverse_name("in-addr.arpa.example"));
  CHECK_FALSE(is_reverse_name("in-addr.arpa"));
}
