// SPDX-License-Identifier: Apache-2.0
// Outgoing data: the bytes of a request, and settings that the environment must not change.
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "http/client.h"
#include "support/raw_server.h"

namespace socbridge::http::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void say_ok(Peer& peer) {
  while (!peer.read_request().empty()) peer.send(answer("200 OK", "ok"));
}

std::string sent(Request request) {
  const RawServer server(say_ok);
  request.url = server.url("/api/x?name=y");
  Client client(ClientOptions{});
  CHECK(client.perform(request).answered());
  return server.received();
}

}  // namespace

TEST_CASE("a POST has its key, headers and body, and nothing else") {
  Request request;
  request.method = "POST";
  request.headers = {{"X-Organisation", "soc"}, {"X-Empty", ""}};
  request.body = "{}";
  request.content_type = "application/json";
  request.bearer = Secret("KEY0123456789");
  const std::string text = sent(request);
  CHECK(has(text, "POST /api/x?name=y HTTP/1.1\r\n"));
  CHECK(has(text, "Authorization: Bearer KEY0123456789\r\n"));
  CHECK(has(text, "X-Organisation: soc\r\n"));
  CHECK(has(text, "X-Empty:\r\n"));
  CHECK(has(text, "Content-Type: application/json\r\n"));
  CHECK(has(text, "Content-Length: 2\r\n"));
  CHECK(has(text, "User-Agent: socbridge\r\n"));
  CHECK(has(text, "\r\n\r\n{}"));
  CHECK_FALSE(has(text, "Expect"));
  CHECK_FALSE(has(text, "Accept-Encoding"));
}

TEST_CASE("a large body is sent at once, without Expect") {
  Request request;
  request.method = "POST";
  request.body = std::string(std::size_t{3} << 20, 'x');
  const std::string text = sent(request);
  CHECK_FALSE(has(text, "Expect"));
  CHECK_FALSE(has(text, "x-www-form-urlencoded"));
  CHECK(text.size() > request.body.size());
}

TEST_CASE("a form has its texts and files, and a name of the caller's choice") {
  std::string path = "/tmp/socbridge-form-XXXXXX";
  const int fd = mkstemp(path.data());
  REQUIRE(fd >= 0);
  REQUIRE(write(fd, "MZ\0\1", 4) == 4);
  close(fd);
  Request request;
  request.method = "POST";
  request.form = {{"_json", R"({"dataType":"file"})", {}, {}, "application/json"},
                  {"attachment", {}, path, "a \"b\".exe", "application/octet-stream"}};
  const std::string text = sent(request);
  unlink(path.c_str());
  CHECK(has(text, "Content-Type: multipart/form-data; boundary="));
  CHECK(has(text, "Content-Disposition: form-data; name=\"_json\"\r\n"));
  CHECK(has(text, "\r\n\r\n{\"dataType\":\"file\"}\r\n"));
  CHECK(has(text, "name=\"attachment\"; filename=\"a %22b%22.exe\"\r\n"));
  CHECK(has(text, std::string_view("\r\n\r\nMZ\0\1\r\n", 10)));
  CHECK_FALSE(has(text, "Expect"));
  CHECK_FALSE(has(text, path));
}

TEST_CASE("a form whose file cannot be read is not sent") {
  Request request;
  request.method = "POST";
  request.url = "http://127.0.0.1:9/";
  request.form = {{"attachment", {}, "/no/such/file", "x", {}}};
  Client client(ClientOptions{});
  const Outcome outcome = client.perform(request);
  CHECK(outcome.failure == FailureKind::bad_url);
  CHECK(has(outcome.error, "/no/such/file"));
}

TEST_CASE("request: methods") {
  Request request;
  CHECK(has(sent(request), "GET /api/x"));
  request.method = "DELETE";
  CHECK(has(sent(request), "DELETE /api/x"));
  request.method = "HEAD";
  CHECK(has(sent(request), "HEAD /api/x"));
  request.method = "POST";
  CHECK(has(sent(request), "Content-Length: 0\r\n"));
  request.method = "PATCH";
  request.body = "b";
  const std::string patch = sent(request);
  CHECK(has(patch, "PATCH /api/x"));
  CHECK(has(patch, "\r\n\r\nb"));
}

TEST_CASE("proxies of the environment are not used") {
  const RawServer proxy(say_ok);
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    ::setenv(name, proxy.url().c_str(), 1);
  }
  Request request;
  CHECK(has(sent(request), "GET /api/x"));
  CHECK(proxy.connections() == 0);
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
}

TEST_CASE("a configured proxy is used, whatever no_proxy says") {
  const RawServer proxy(say_ok);
  ::setenv("no_proxy", "*", 1);
  ClientOptions options;
  options.proxy = proxy.url();
  Client client(options);
  Request request;
  request.url = "http://thehive.invalid:9000/api";
  CHECK(client.perform(request).answered());
  ::unsetenv("no_proxy");
  CHECK(has(proxy.received(), "GET http://thehive.invalid:9000/api HTTP/1.1"));
}

}  // namespace socbridge::http::test
