// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "http/client.h"
#include "http/url.h"

namespace socbridge::http {

TEST_CASE("url_encode leaves only unreserved characters") {
  CHECK(url_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(url_encode("wazuh;src;1 /?#%") == "wazuh%3Bsrc%3B1%20%2F%3F%23%25");
  CHECK(url_encode("\xc3\xa9") == "%C3%A9");
  CHECK(url_encode(std::string_view("\0", 1)) == "%00");
}

TEST_CASE("join_url puts one slash between the parts") {
  CHECK(join_url("https://host/prefix/", "/api/x") == "https://host/prefix/api/x");
  CHECK(join_url("https://host", "api/x") == "https://host/api/x");
  CHECK(join_url("https://host//", "//api") == "https://host/api");
}

TEST_CASE("normalise_base_url keeps valid URLs") {
  const auto good = [](std::string_view in) { return normalise_base_url(in).value(); };
  CHECK(good("http://thehive.example:9000") == "http://thehive.example:9000");
  CHECK(good("HTTPS://TheHive.Example/thehive//") == "https://thehive.example/thehive");
  CHECK(good("http://192.0.2.7/") == "http://192.0.2.7");
  CHECK(good("http://[2001:db8::7]:9000/") == "http://[2001:db8::7]:9000");
  CHECK(good("http://[fe80::1%25eth0]") == "http://[fe80::1%25eth0]");
  CHECK(good("http://host:") == "http://host");
}

TEST_CASE("normalise_base_url refuses others without repeating passwords") {
  const std::string bad[] = {"",
                             "thehive:9000",
                             "ftp://host",
                             "file:///etc/passwd",
                             "http://",
                             "http:///x",
                             "http://:9000",
                             "http://host:0",
                             "http://host:65536",
                             "http://host:9a",
                             "http://host/?x=1",
                             "http://host/#x",
                             "http://ho st",
                             "http://host\n",
                             "http://host/a\tb",
                             "http://h\\ost",
                             "http://[::1",
                             "http://[hello]",
                             "http://[::1]x",
                             "http://h\xc3\xb6st",
                             "http://user:hunter22@host",
                             "http://hunter22@host"};
  for (const std::string& url : bad) {
    INFO(url);
    const auto result = normalise_base_url(url);
    REQUIRE_FALSE(result.ok());
    CHECK(result.status().code() == ExitCode::usage);
    CHECK(result.status().line().find("hunter22") == std::string::npos);
    CHECK(result.status().line().find('\n') == std::string::npos);
  }
}

TEST_CASE("url: an @ in the path is not a user name") {
  CHECK(normalise_base_url("http://host/a@b").ok());
}

TEST_CASE("parse_url knows the port of the scheme") {
  CHECK(parse_url("http://h/x").value().host_port() == "h:80");
  CHECK(parse_url("https://h/x?y#z").value().host_port() == "h:443");
  CHECK(parse_url("https://[::1]:8443/x").value().host_port() == "[::1]:8443");
}

}  // namespace socbridge::http
