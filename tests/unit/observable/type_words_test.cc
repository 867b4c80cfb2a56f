// SPDX-License-Identifier: Apache-2.0
#include "observable/type_words.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge::observable;

TEST_CASE("words of MISP, OTX, STIX and lists, in any case") {
  struct Row {
    const char *word, *type;
  };
  for (const Row& row : {Row{"ip-dst", "ip"},
                         Row{"IPv4", "ip"},
                         Row{"ipv4-addr", "ip"},
                         Row{" source_ip ", "ip"},
                         Row{"FileHash-SHA256", "hash"},
                         Row{"md5", "hash"},
                         Row{"x_md5", "hash"},
                         Row{"domain", "domain"},
                         Row{"Domain-Name", "auto"},
                         Row{"hostname", "auto"},
                         Row{"URL", "url"},
                         Row{"uri", "url"},
                         Row{"email-src", "mail"},
                         Row{"Email-Addr", "mail"},
                         Row{"windows-registry-key", "registry"},
                         Row{"user-agent", "user-agent"},
                         Row{"autonomous-system", "autonomous-system"},
                         Row{"AS", "autonomous-system"},
                         Row{"ja3-fingerprint-md5", "other"},
                         Row{"imphash", "other"},
                         Row{"CVE", "other"}}) {
    CAPTURE(row.word);
    CHECK(type_of_word(row.word) == row.type);
  }
}

TEST_CASE("a word that is not an observable type, and an unknown one") {
  CHECK(type_of_word("port") == kNoObservable);
  CHECK(type_of_word("datetime") == kNoObservable);
  for (const char* word : {"", "  ", "-", "ip dst port", "sha", "mail server", "ipv", "5"}) {
    CAPTURE(word);
    CHECK(type_of_word(word).empty());
  }
  CHECK(type_of_word(std::string(41, 'a')).empty());
  CHECK(type_of_word(std::string(36, '-') + "ip").size() == 2);  // 38 bytes
  CHECK(type_of_word(std::string(39, '-') + "ip").empty());
}

TEST_CASE("the word of an option may be the name of a custom type") {
  struct Row {
    const char *word, *type;
  };
  for (const Row row :
       {Row{"IPv4", "ip"}, Row{"IP", "ip"}, Row{"MD5", "hash"}, Row{"Hash", "hash"},
        Row{"AUTO", "auto"}, Row{"File", "file"}, Row{"Other", "other"}, Row{"host", "auto"},
        Row{"cve", "cve"}, Row{"port", "port"}, Row{"Nope", "Nope"}, Row{"", ""}}) {
    CAPTURE(row.word);
    CHECK(type_of_option(row.word) == row.type);
  }
}
