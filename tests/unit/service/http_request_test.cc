// SPDX-License-Identifier: Apache-2.0
#include "service/http_request.h"

#include <catch2/catch.hpp>

namespace socbridge {
namespace {

HttpParse parse(std::string_view bytes) {
  HttpRequest request;
  return parse_http_request(bytes, request);
}

}  // namespace

TEST_CASE("a request as Prometheus sends it") {
  HttpRequest request;
  CHECK(parse_http_request("GET /metrics?x=1 HTTP/1.1\r\nHost: a:1\r\nACCEPT:  text/plain \r\n"
                           "Accept: */*\r\nX-Empty:\r\n\r\nrest",
                           request) == HttpParse::complete);
  CHECK(request.method == "GET");
  CHECK(request.path == "/metrics");
  CHECK(request.accept == "text/plain, */*");
  CHECK(parse_http_request("HEAD / HTTP/1.0\r\n\r\n", request) == HttpParse::complete);
  CHECK(request.method == "HEAD");
  CHECK(request.accept.empty());
}

TEST_CASE("each part of a request is waited for") {
  const std::string whole = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CAPTURE(n);
    CHECK(parse(whole.substr(0, n)) == HttpParse::incomplete);
  }
  CHECK(parse(whole) == HttpParse::complete);
}

TEST_CASE("what is no request is refused") {
  for (const char* line :
       {"GET /", "GET  HTTP/1.1", "GET / HTTP/2.0", "get / HTTP/1.1", "GET http://a/ HTTP/1.1",
        "GET /a b HTTP/1.1", " GET / HTTP/1.1", "", "ABCDEFGHIJKLMNOPQ / HTTP/1.1",
        "GET /\x01 HTTP/1.1", "GET /\xc3\xa4 HTTP/1.1", "GET * HTTP/1.1"}) {
    CAPTURE(line);
    CHECK(parse(std::string(line) + "\r\n\r\n") == HttpParse::bad);
  }
  for (const char* field : {"no colon", ": x", " folded: x", "a b: x", "a: x\ny", "a: \x01"}) {
    CAPTURE(field);
    CHECK(parse("GET / HTTP/1.1\r\n" + std::string(field) + "\r\n\r\n") == HttpParse::bad);
  }
}

TEST_CASE("a head has a bound") {
  const std::string start = "GET / HTTP/1.1\r\nA: ";
  CHECK(parse(start + std::string(kMaxRequestBytes, 'x')) == HttpParse::too_large);
  const std::string fits(kMaxRequestBytes - start.size() - 4, 'x');
  CHECK(parse(start + fits + "\r\n\r\n") == HttpParse::complete);
  CHECK(parse(start + fits + "x\r\n\r\n") == HttpParse::too_large);
}

TEST_CASE("what an Accept header wants") {
  constexpr const char* kOpen = "application/openmetrics-text";
  const char* prometheus =
      "application/openmetrics-text;version=1.0.0,application/"
      "openmetrics-text;version=0.0.1;q=0.75,"
      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
  CHECK(accept_quality(prometheus, kOpen, "1.0.0") == 1000);
  CHECK(accept_quality(prometheus, kOpen, "0.0.1") == 750);
  CHECK(accept_quality(prometheus, "text/plain", "0.0.4") == 500);
  CHECK(accept_quality("Application/OpenMetrics-Text ; Q=0.25", kOpen, "1.0.0") == 250);
  CHECK(accept_quality("application/openmetrics-text; version=2.0.0", kOpen, "1.0.0") == 0);
  CHECK(accept_quality("*/*", kOpen, "1.0.0") == 0);
  CHECK(accept_quality("", kOpen) == 0);
  for (const char* wrong : {"2", "-1", "0.1234", "x", "", "1x", "0.x"}) {
    CAPTURE(wrong);
    CHECK(accept_quality(std::string("a/b;q=") + wrong, "a/b") == 0);
  }
  CHECK(accept_quality("a/b;q=1.000", "a/b") == 1000);
  CHECK(accept_quality("a/b;q=1.999", "a/b") == 1000);
}

}  // namespace socbridge
