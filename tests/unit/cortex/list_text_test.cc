// SPDX-License-Identifier: Apache-2.0
#include "cortex/list_text.h"

#include <catch2/catch.hpp>

using socbridge::cortex::list_text;

TEST_CASE("UTF-8 is not changed, except for its byte order mark") {
  CHECK(list_text("a\n").compare("a\n") == 0);
  CHECK(list_text("\xEF\xBB\xBF\xC3\xA9") == "\xC3\xA9");
  CHECK(list_text("\xE9\xFF") == "\xE9\xFF");
  CHECK(list_text("").empty());
}

TEST_CASE("list text: UTF-16 of both orders") {
  CHECK(list_text({"\xFF\xFE"
                   "a\0\xE9\0",
                   6}) == "a\xC3\xA9");
  CHECK(list_text({"\xFE\xFF\0a\0\xE9", 6}) == "a\xC3\xA9");
  CHECK(list_text({"\xFF\xFE\x3D\xD8\x00\xDE", 6}) == "\xF0\x9F\x98\x80");
}

TEST_CASE("list text: invalid UTF-16 is replaced") {
  CHECK(list_text({"\xFF\xFE\x3D\xD8"
                   "a\0",
                   6}) ==
        "\xEF\xBF\xBD"
        "a");
  CHECK(list_text({"\xFF\xFE\x00\xDE", 4}) == "\xEF\xBF\xBD");
  CHECK(list_text({"\xFF\xFE\x3D\xD8", 4}) == "\xEF\xBF\xBD");
  CHECK(list_text({"\xFF\xFE"
                   "a\0b",
                   5}) == "a");
}
