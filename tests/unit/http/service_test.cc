// SPDX-License-Identifier: Apache-2.0
#include "http/service.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"

namespace socbridge::http {

TEST_CASE("the product is named, and the key is in no refusal; a 2xx comes as it is") {
  socbridge::test::CannedServer server(
      {socbridge::test::http_answer(500, R"({"message":"got k3y-0123"})"),
       socbridge::test::http_answer(200, R"({"made":"k3y-0123"})")});
  Client http{{}};
  Service service(http, {{"Product"}, server.url(), "", Secret("k3y-0123")});
  const auto refused = service.get("/", Deadline::after_ms(5000));
  CHECK(refused.status().message() == "Product: HTTP 500: got [redacted]");
  const auto made = service.get("/", Deadline::after_ms(5000));
  REQUIRE(made.ok());
  CHECK(made->root()["made"].text() == "k3y-0123");
}

TEST_CASE("service: Basic authorization (RFC 7617)") {
  CHECK(basic_authorization("Aladdin", Secret("open sesame")) ==
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(basic_authorization("a", Secret("")) == "Basic YTo=");
  CHECK(basic_authorization("ab", Secret("cde")) == "Basic YWI6Y2Rl");
  CHECK(basic_authorization("", Secret("\xff\xfe")) == "Basic Ov/+");
}

}  // namespace socbridge::http
