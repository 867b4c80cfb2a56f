// SPDX-License-Identifier: Apache-2.0
#include "http/url_login.h"

#include <catch2/catch.hpp>

using socbridge::http::without_logins;

TEST_CASE("logins of URLs are taken out of a text") {
  struct Row {
    const char *text, *without, *marked;
  };
  for (const Row& row :
       {Row{"", "", ""}, Row{"no URL, a@b.example", "no URL, a@b.example", "no URL, a@b.example"},
        Row{"https://h.example/a@b", "https://h.example/a@b", "https://h.example/a@b"},
        Row{"https://u:p@h.example/x", "https://h.example/x", "https://***@h.example/x"},
        Row{"https://u:p@q@h", "https://h", "https://***@h"},
        Row{"https://@h", "https://h", "https://***@h"},
        Row{"https://bob:s3\"cret@h/x", "https://h/x", "https://***@h/x"},
        Row{"http://bob:s3 cret@proxy:3128", "http://proxy:3128", "http://***@proxy:3128"},
        Row{"https://h?next=http://u:p@i", "https://h?next=http://i",
            "https://h?next=http://***@i"},
        Row{"http://u:p", "http://u:p", "http://u:p"}, Row{"://u@", "://", "://***@"}}) {
    CAPTURE(row.text);
    CHECK(without_logins(row.text) == row.without);
    CHECK(without_logins(row.text, "***") == row.marked);
  }
}

TEST_CASE("a login in a text of several URLs ends where the text says") {
  const char* text = "at https://u:p@h \"ftp://v:q@i\", not a@b";
  CHECK(without_logins(text, "***", "/?# \"") == "at https://***@h \"ftp://***@i\", not a@b");
}
