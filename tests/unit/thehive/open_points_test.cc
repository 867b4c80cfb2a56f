// SPDX-License-Identifier: Apache-2.0
// Refusals, references and limits in unusual forms.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "json/value.h"
#include "support/raw_server.h"
#include "thehive/client.h"

namespace socbridge::thehive {
namespace {

Delivery sorted(int status, std::string body, std::string type, std::string location = {}) {
  http::Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = std::move(body);
  outcome.response.content_type = std::move(type);
  if (!location.empty()) outcome.response.headers.emplace_back("location", std::move(location));
  return classify_create(outcome);
}

Alert minimal() {
  Alert alert;
  alert.type = "t";
  alert.source = "s";
  alert.source_ref = "r";
  alert.title = "title";
  alert.date_ms = 1;
  return alert;
}

json::Document body_of(const Alert& alert) {
  auto document = json::Document::parse(create_body(alert, ApiVersion::v5));
  if (!document.ok()) return {};
  return std::move(document).value();
}

std::string text(const json::Value& value) { return std::string(value.string().value_or("")); }

}  // namespace

TEST_CASE("a proxy's 404 page does not concern the alert: retry", "") {
  CHECK(sorted(404, "<html><title>404</title></html>", "text/html").verdict == Verdict::retry);
}

TEST_CASE("a redirect names the host it points to, without user information", "") {
  const std::string message = sorted(302, "", "", "https://u:pw@sso.example/login?k=1").message;
  CHECK((message.find("sso.example") != std::string::npos &&
         message.find("pw@") == std::string::npos));
}

TEST_CASE("v4: 404 Organisation not found is a missing permission", "") {
  const std::string body = R"({"type":"NotFoundError","message":"Organisation not found"})";
  CHECK(sorted(404, body, "application/json").verdict == Verdict::auth);
}

TEST_CASE("a refusal for the licence waits for an operator", "") {
  const std::string body = R"({"type":"BadRequest","message":"No valid license"})";
  CHECK(sorted(400, body, "application/json").verdict == Verdict::auth);
}

TEST_CASE("the key is not repeated even if the message is truncated", "") {
  const std::string key = "KEY0123456789abcdefghijklmnop";
  const http::test::RawServer server([&key](http::test::Peer& peer) {
    peer.read_request();
    peer.send(http::test::answer(
        "400 Bad Request", R"({"type":"T","message":")" + std::string(275, 'x') + key + "\"}"));
  });
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret(key), ""});
  const Delivery d = client.create_alert("{}", ApiVersion::v5, Deadline::after_ms(3000));
  CHECK(d.message.find("KEY0123") == std::string::npos);
}

TEST_CASE("open points: a link over the limit is left out", "") {
  Alert alert = minimal();
  alert.external_link = "https://soc.example/" + std::string(600, 'x');
  CHECK(utf16_length(text(body_of(alert).root()["externalLink"])) <= limits::kExternalLink);
}

TEST_CASE("open points: required texts are never empty", "") {
  Alert alert = minimal();
  alert.type = alert.source = alert.source_ref = "";
  const json::Document document = body_of(alert);
  CHECK((!text(document.root()["type"]).empty() && !text(document.root()["source"]).empty() &&
         !text(document.root()["sourceRef"]).empty()));
}

TEST_CASE("long references that differ at their end stay different", "") {
  Alert one = minimal();
  Alert two = minimal();
  one.source_ref = std::string(200, 'x') + "1";
  two.source_ref = std::string(200, 'x') + "2";
  CHECK(text(body_of(one).root()["sourceRef"]) != text(body_of(two).root()["sourceRef"]));
}

TEST_CASE("observables that are equal after truncation are one", "") {
  Alert alert = minimal();
  Observable long_one;
  long_one.data_type = "other";
  long_one.data = std::string(5000, 'x') + "1";
  Observable other = long_one;
  other.data.back() = '2';
  alert.observables = {long_one, other};
  CHECK(body_of(alert).root()["observables"].size() == 1);
}

TEST_CASE("a tactic over 32 characters is omitted", "") {
  Alert alert = minimal();
  alert.procedures = {{"T1110", 1, std::string(40, 'x')}};
  CHECK(text(body_of(alert).root()["procedures"].at(0)["tactic"]).size() <= 32);
}

TEST_CASE("a custom field value that is not JSON does not invalidate the body", "") {
  Alert alert = minimal();
  alert.custom_fields = {{"a", "not json"}};
  CHECK(body_of(alert).root().is_object());
}

TEST_CASE("many tags and fields do not break the body's limit", "") {
  Alert alert = minimal();
  for (int i = 0; i < 3000; ++i) alert.tags.push_back(std::to_string(i) + std::string(120, 'x'));
  CHECK(create_body(alert, ApiVersion::v4).size() <= limits::kBodyV4);
}

}  // namespace socbridge::thehive
