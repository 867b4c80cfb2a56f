// SPDX-License-Identifier: Apache-2.0
#include "mapping/request_url.h"

#include <catch2/catch.hpp>

#include "json/value.h"
#include "observable/validate.h"

using namespace socbridge;
using namespace socbridge::mapping;

namespace {

std::optional<RequestUrl> found(const std::string& members, std::string_view own_name = "http") {
  const auto document = json::Document::parse("{" + members + "}");
  INFO(members);
  REQUIRE(document.ok());
  return request_url(document->root(), own_name);
}

std::string url_of(const std::string& members, std::string_view own_name = "http") {
  const auto url = found(members, own_name);
  if (!url) return "none";
  CHECK(observable::parse_url(url->url));
  return (url->guessed_scheme ? "guessed " : "") + url->url + " of " + url->fields;
}

}  // namespace

TEST_CASE("host and path of two members make a URL") {
  CHECK(url_of(R"("hostname":"evil.example","url":"/a?b=1")") ==
        "guessed http://evil.example/a?b=1 of hostname+url");
  CHECK(url_of(R"("url":"/a?b=1","hostname":"evil.example")") ==
        "guessed http://evil.example/a?b=1 of hostname+url");
  CHECK(url_of(R"("Client_Request-Host":"evil.example","clientRequestURI":"/x")") ==
        "guessed http://evil.example/x of Client_Request-Host+clientRequestURI");
  CHECK(url_of(R"("host":"203.0.113.9:8080","uri":"/x")") ==
        "guessed http://203.0.113.9:8080/x of host+uri");
}

TEST_CASE("request url: an IPv6 address is in brackets") {
  CHECK(url_of(R"("host":"2001:db8::9","uri":"/x")") ==
        "guessed http://[2001:db8::9]/x of host+uri");
  CHECK(url_of(R"("host":"[2001:db8::9]:81","uri":"/x")") ==
        "guessed http://[2001:db8::9]:81/x of host+uri");
  CHECK(found(R"("host":"2001:db8::9","uri":"/x")")->host == "2001:db8::9");
}

TEST_CASE("request url: the scheme is that of a member") {
  const std::string both = R"("host":"evil.example","uri":"/x",)";
  CHECK(url_of(both + R"("service":"HTTPS")") == "https://evil.example/x of host+uri");
  CHECK(url_of(both + R"("dstport":"443")") == "https://evil.example/x of host+uri");
  CHECK(url_of(both + R"("protocol":"http","port":"443")") == "http://evil.example/x of host+uri");
  CHECK(url_of(both + R"("port":"80")") == "http://evil.example/x of host+uri");
  CHECK(url_of(both + R"("protocol":"6","scheme":"tls")") == "https://evil.example/x of host+uri");
  CHECK(url_of(both + R"("port":"8443")") == "guessed http://evil.example/x of host+uri");
  // Only texts are read.
  CHECK(url_of(both + R"("port":443,"scheme":null)") ==
        "guessed http://evil.example/x of host+uri");
}

TEST_CASE("a Host header is used without a host, and is overridden by one") {
  CHECK(url_of(R"("headers":{"Host":"a.example"},"uri":"/x")") ==
        "guessed http://a.example/x of headers.Host+uri");
  CHECK(url_of(R"("headers":{"host":"a.example"},"uri":"/x","hostname":"b.example")") ==
        "guessed http://b.example/x of hostname+uri");
  CHECK(url_of(R"("hostname":"b.example","uri":"/x","headers":{"Host":"a.example"})") ==
        "guessed http://b.example/x of hostname+uri");
  CHECK(url_of(R"("headers":{},"uri":"/x","hostname":"b.example")") ==
        "guessed http://b.example/x of hostname+uri");
  CHECK(url_of(R"("headers":["Host"],"uri":"/x")") == "none");
}

TEST_CASE("the longest path is used, and only one with the same beginning") {
  CHECK(url_of(R"("host":"a.example","uri":"/x","url":"/x?long=1","requesturi":"evil")") ==
        "guessed http://a.example/x?long=1 of host+url");
  for (const char* path : {"", "/", "x/y", "//b.example/x", "http://b.example/"}) {
    CAPTURE(path);
    CHECK(url_of(R"("host":"a.example","uri":")" + std::string(path) + "\"") == "none");
  }
}

TEST_CASE("domain and path belong together in an object of that name only") {
  const std::string members = R"("domain":"a.example","path":"/x")";
  CHECK(url_of(members, "url") == "guessed http://a.example/x of domain+path");
  CHECK(url_of(members, "file") == "none");
}

TEST_CASE("a host that is not a public name or address makes no URL") {
  for (const char* host : {"", "localhost", "web", "srv.corp.local", "setup.exe", "a b.example",
                           "a.example/x", "user@a.example", "a.example\\u0000"}) {
    CAPTURE(host);
    CHECK(url_of(R"("uri":"/x","host":")" + std::string(host) + "\"") == "none");
  }
  CHECK_FALSE(found(""));
  CHECK_FALSE(found(R"("host":["a.example"],"uri":"/x")"));
}
