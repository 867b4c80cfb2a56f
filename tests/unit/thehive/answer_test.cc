// SPDX-License-Identifier: Apache-2.0
#include "thehive/answer.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "support/said.h"

namespace socbridge::thehive {
namespace {

http::Response response(int status, const std::string& body,
                        const std::string& type = "text/html") {
  http::Response out = test::said(status, body).response;
  out.content_type = type;
  return out;
}

ErrorBody read(const std::string& body) { return read_error(response(400, body)); }

std::string described(const http::Response& one) {
  return http::describe_answer(one, read_error(one), kErrors);
}

}  // namespace

TEST_CASE("an error body of TheHive is known by its type, whatever the content type says") {
  const ErrorBody error = read(R"( {"type":"AuthenticationError","message":"no"})");
  CHECK(error.is_own);
  CHECK(error.type == "AuthenticationError");
  CHECK(error.message == "no");
  CHECK(read(R"({"type":"org.thp.Some$Error_1"})").is_own);
}

TEST_CASE("JSON of gateways and firewalls is not an error body of TheHive") {
  CHECK_FALSE(read(R"({"message":"Forbidden"})").is_own);
  CHECK_FALSE(read(R"({"type":"https://example/errors","message":"x"})").is_own);
  CHECK_FALSE(read(R"({"type":"about:blank"})").is_own);
  CHECK_FALSE(read(R"({"type":"X","message":{"a":1}})").is_own);
  CHECK_FALSE(read(R"({"type":7})").is_own);
  CHECK_FALSE(read(R"({"type":")" + std::string(201, 'a') + "\"}").is_own);
}

TEST_CASE("a body that is not a JSON object, or longer than a MiB, is not an error body") {
  for (const std::string& body :
       {std::string(), std::string(" \n"), std::string("<html>"), std::string("[{\"type\":\"X\"}]"),
        std::string(R"({"type":"X")"),
        R"({"type":"X","message":")" + std::string(std::size_t{1} << 20, 'x') + "\"}"}) {
    const ErrorBody error = read(body);
    CHECK_FALSE(error.is_own);
    CHECK(error.message.empty());
  }
}

TEST_CASE("attributes that were refused are named, at most five") {
  const ErrorBody error =
      read(R"({"type":"AttributeCheckingError","errors":[{"name":"severity","type":"Invalid"},)"
           R"({"name":"date"},{"type":"nameless"},{"name":"c"},{"name":"d"},{"name":"e"}]})");
  CHECK(error.details == "severity (Invalid), date, c, d");
}

TEST_CASE("no such route and no such entity are told apart, in both versions") {
  CHECK(is_unknown_route(read(R"({"type":"NotFound","message":"x"})")));
  CHECK(is_unknown_route(read(R"({"type":"NotFoundError","message":"/api/v1/alert"})")));
  CHECK_FALSE(is_unknown_route(read(R"({"type":"NotFoundError","message":"Alert not found"})")));
  CHECK_FALSE(is_unknown_route(read(R"({"type":"NotFoundError","message":"/x not found"})")));
  CHECK_FALSE(is_unknown_route(read(R"({"type":"BadRequest","message":"/api"})")));
  CHECK_FALSE(is_unknown_route(read("<title>Not Found</title>")));
}

TEST_CASE("TheHive's own words end before the first value that it may repeat") {
  CHECK(own_words("Observable already exists") == "observable already exists");
  CHECK(own_words("Invalid value: already exists") == "invalid value");
  CHECK(own_words("[Alert not found]") == "alert not found]");
  for (const char mark : std::string("\"'`:([{<=\n\r")) {
    CHECK(own_words(std::string("Case ") + mark + "license") == "case");
  }
  CHECK(own_words("").empty());
}

TEST_CASE("an answer in one line: status, type and message, or the attributes") {
  CHECK(described(response(400, R"({"type":"BadRequest","message":"Invalid json"})")) ==
        "HTTP 400 BadRequest: Invalid json");
  CHECK(described(response(400, R"({"type":"E","message":"m","errors":[{"name":"a"}]})")) ==
        "HTTP 400 E: m: a");
  CHECK(described(response(400, R"({"type":"E","errors":[{"name":"a"}]})")) == "HTTP 400 E: a");
  CHECK(described(response(400, R"({"type":"E"})")) == "HTTP 400 E");
}

TEST_CASE("of a page of another server the title is given, and that it is not TheHive's") {
  CHECK(described(response(502, "<html><title>Bad Gateway</title></html>")) ==
        "HTTP 502: Bad Gateway (not an answer of TheHive)");
  CHECK(described(response(403, R"({"message":"Forbidden"})", "application/json")) ==
        "HTTP 403: Forbidden (not an answer of TheHive)");
  CHECK(described(response(204, "", "")) == "HTTP 204");
}

TEST_CASE("an error body is one printable line, of at most 300 characters before escapes") {
  const std::string hostile =
      described(response(400, R"({"type":"E","message":"a\u001b[2J\r\n\u202e"})"));
  CHECK(hostile.find_first_of("\x1b\r\n") == std::string::npos);
  CHECK(hostile.find("\xe2\x80\xae") == std::string::npos);
  const std::string tall =
      described(response(400, R"({"type":"E","message":")" + std::string(5000, 'x') + "\"}"));
  CHECK(utf16_length(tall) <= 301);  // with the mark of the cut
  CHECK(utf16_length(tall) > 200);
}

}  // namespace socbridge::thehive
