// SPDX-License-Identifier: Apache-2.0
#include "http/response.h"

#include <catch2/catch.hpp>

namespace socbridge::http {

TEST_CASE("response: Retry-After is seconds or a date") {
  constexpr std::int64_t kNow = 784111777000;  // Sun, 06 Nov 1994 08:49:37 GMT
  CHECK(parse_retry_after("0", kNow) == 0);
  CHECK(parse_retry_after(" 120 ", kNow) == 120000);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kNow) == 30000);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow) == 0);
  CHECK(parse_retry_after("", kNow) == -1);
  CHECK(parse_retry_after("-5", kNow) == -1);
  CHECK(parse_retry_after("soon", kNow) == -1);
  CHECK(parse_retry_after("1.5", kNow) == -1);
  constexpr std::int64_t kWeek = std::int64_t{7} * 24 * 3600 * 1000;
  CHECK(parse_retry_after("99999999999999999999999", kNow) == kWeek);
  CHECK(parse_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", kNow) == kWeek);
  CHECK(parse_retry_after("Fri Mar 14: :470012025", kNow) == kWeek);
}

TEST_CASE("content type loses its parameters and its case") {
  ResponseReader reader(100);
  REQUIRE(reader.header_line("HTTP/1.1 200 OK\r\n"));
  REQUIRE(reader.header_line("Content-Type:  Application/JSON ; charset=utf-8\r\n"));
  const Response response = std::move(reader).take(200, 0);
  CHECK(response.content_type == "application/json");
  CHECK(response.is_json());
  CHECK(response.headers[0].first == "content-type");
  CHECK(response.retry_after_ms == -1);
}

TEST_CASE("response: is_json") {
  Response response;
  for (const char* type : {"application/json", "application/problem+json"}) {
    response.content_type = type;
    CHECK(response.is_json());
  }
  for (const char* type : {"", "text/html", "+json", "application/jsonx"}) {
    response.content_type = type;
    CHECK_FALSE(response.is_json());
  }
}

TEST_CASE("headers of an interim answer are dropped") {
  ResponseReader reader(100);
  REQUIRE(reader.header_line("HTTP/1.1 103 Early Hints\r\n"));
  REQUIRE(reader.header_line("Retry-After: 5\r\n"));
  REQUIRE(reader.header_line("HTTP/1.1 201 Created\r\n"));
  CHECK(std::move(reader).take(201, 0).retry_after_ms == -1);
}

TEST_CASE("response: body and headers are bounded") {
  ResponseReader reader(4);
  CHECK(reader.body_part("abcd"));
  CHECK_FALSE(reader.too_large());
  CHECK_FALSE(reader.body_part("e"));
  CHECK(reader.too_large());

  ResponseReader chatty(4);
  const std::string line = "X: " + std::string(8000, 'x') + "\r\n";
  int taken = 0;
  while (taken < 100 && chatty.header_line(line)) ++taken;
  CHECK(taken < 40);
  CHECK(chatty.too_large());
}

}  // namespace socbridge::http
