// SPDX-License-Identifier: Apache-2.0
#include "http/error_page.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::http;

TEST_CASE("the title of a page, the beginning of a text") {
  CHECK(page_text("<html><head><TITLE class=x> 502 Bad Gateway\n</title></head>") ==
        "502 Bad Gateway");
  CHECK(page_text("<html><body>no title</body></html>").empty());
  CHECK(page_text("  upstream failed \n") == "upstream failed");
  CHECK(page_text("").empty());
  CHECK(page_text("<title>" + std::string(500, 'x')).size() == 100);  // it never ends
  CHECK(page_text("<title").size() == 6);                             // it never begins
  CHECK(page_text(std::string(9000, 'y')).size() == 4096);
}

TEST_CASE("statuses that say that the sender may not") {
  int count = 0;
  for (int status = 100; status < 600; ++status) count += is_access_refusal(status) ? 1 : 0;
  CHECK(count == 4);
  for (const int status : {401, 402, 403, 407}) CHECK(is_access_refusal(status));
}

TEST_CASE("a refusal by a proxy is not a refused key") {
  const Status status = refused_before("HTTP 403", "TheHive");
  CHECK(status.code() == ExitCode::unreachable);
  CHECK_THAT(status.line(), Catch::Contains("a proxy or firewall answered, not TheHive"));
}

TEST_CASE("a redirect names the server, without user, path and query") {
  const auto described = [](const char* location) {
    Response response;
    response.status = 302;
    if (location != nullptr) response.headers = {{"location", location}};
    return describe_redirect(response);
  };
  CHECK_THAT(described("https://user:pw@sso.example:8443/login?token=hunter2#x"),
             Catch::EndsWith(" https://sso.example:8443") && !Catch::Contains("pw") &&
                 !Catch::Contains("hunter2"));
  CHECK_THAT(described("/login"), Catch::Contains("another path of the same server"));
  CHECK_THAT(described(nullptr), Catch::StartsWith("HTTP 302: "));
  CHECK(described("https://a\x1b[31m\n.example/").find_first_of("\x1b\n") == std::string::npos);
}
