// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/page.h"

#include <catch2/catch.hpp>

#include "raw_client.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;

namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("page: HTML is escaped") {
  CHECK(sandbox::html_escape("<a href='x' b=\"y\">&\x01\n") ==
        "&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;\xEF\xBF\xBD\n");
}

TEST_CASE("the page shows the alerts, and their text is inert") {
  Sandbox sandbox;
  const Reply empty = sandbox.ask("GET", "/");
  CHECK(empty.status == 200);
  CHECK(holds(empty.body, "Nothing has arrived yet"));
  const Reply created = sandbox.post_alert(
      R"("title":"<script>alert(1)</script>","severity":3,"tags":["<b>"],"description":"</pre><img src=x>",)"
      R"("externalLink":"javascript:x","observables":[{"dataType":"url","data":"https://example.org/?a=\"><i>"}],)"
      R"("procedures":[{"patternId":"T1110","occurDate":0}])");
  REQUIRE(created.status == 201);
  const std::string id(*parsed(created).root()["_id"].string());
  const Reply list = sandbox.ask("GET", "/");
  CHECK(holds(list.head, "default-src 'none'"));
  CHECK(holds(list.body, "&lt;script&gt;alert(1)"));
  CHECK(holds(list.body, "sev3"));
  CHECK(holds(list.body, "r-1"));
  const Reply one = sandbox.ask("GET", "/alert/" + id);
  CHECK(one.status == 200);
  CHECK(holds(one.body, "T1110"));
  CHECK(holds(one.body, "https://example.org/?a=&quot;&gt;&lt;i&gt;"));
  for (const std::string& body : {list.body, one.body}) {
    CHECK_FALSE(holds(body, "<script"));
    CHECK_FALSE(holds(body, "<img"));
    CHECK_FALSE(holds(body, "<b>"));
    CHECK_FALSE(holds(body, "href=\"javascript"));
  }
  CHECK(sandbox.ask("GET", "/alert/~1").status == 404);
}

TEST_CASE("many alerts come in pages, newest first") {
  Sandbox sandbox;
  RawClient client(sandbox.port());
  for (int i = 0; i < 101; ++i) {
    REQUIRE(
        client
            .ask("POST", "/api/v1/alert", alert("\"sourceRef\":\"ref-" + std::to_string(i) + ".\""))
            .status == 201);
  }
  const std::string first = client.ask("GET", "/").body;
  CHECK(holds(first, "ref-100."));
  CHECK_FALSE(holds(first, "ref-0."));
  CHECK(holds(first, "?from=100"));
  const std::string second = client.ask("GET", "/?from=100").body;
  CHECK(holds(second, "ref-0."));
  CHECK_FALSE(holds(second, "ref-1."));
  CHECK(holds(second, "?from=0"));
  CHECK(client.ask("GET", "/?from=99999999999999999999").status == 200);
}
