// SPDX-License-Identifier: Apache-2.0
#include "mapping/win_eventdata.h"

#include <catch2/catch.hpp>

using socbridge::mapping::unescape_eventdata;

TEST_CASE("eventdata is unescaped exactly once") {
  CHECK(unescape_eventdata(R"(C:\\Windows\\x.exe)") == R"(C:\Windows\x.exe)");
  CHECK(unescape_eventdata(R"(\\\\server\\share)") == R"(\\server\share)");
  CHECK(unescape_eventdata(R"(\"a b\" -c)") == R"("a b" -c)");
  CHECK(unescape_eventdata("a &amp;lt; b &lt;c&gt; &quot;d&quot; &apos;e&apos;") ==
        "a &lt; b <c> \"d\" 'e'");
}

TEST_CASE("win eventdata: invalid escapes are not changed") {
  CHECK(unescape_eventdata(R"(C:\new)") == R"(C:\new)");
  CHECK(unescape_eventdata("AT&T &unknown; &am") == "AT&T &unknown; &am");
  CHECK(unescape_eventdata("\\") == "\\");
  CHECK(unescape_eventdata("").empty());
}
