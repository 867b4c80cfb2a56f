// SPDX-License-Identifier: Apache-2.0
// Every row of the create request's table (docs/protocols/thehive.md, "Duplicates", "Errors",
// "Delivery outcomes").
#include <catch2/catch.hpp>

#include "thehive/client.h"

namespace socbridge::thehive {
namespace {

http::Outcome answered(int status, std::string body, std::string type = "application/json") {
  http::Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = std::move(body);
  outcome.response.content_type = std::move(type);
  return outcome;
}

struct Row {
  const char* name;
  int status;
  const char* body;
  Verdict verdict;
};

const Row kRows[] = {
    {"v5 created", 201, R"({"_id":"~123","_type":"alert","type":"t"})", Verdict::created},
    {"v4 v0 created, id only", 201, R"({"id":"~123","artifacts":[]})", Verdict::created},
    {"created with 200", 200, R"({"_id":"~123"})", Verdict::created},
    {"created in part", 207, R"({"_id":"~123"})", Verdict::created},
    {"201 without an id", 201, "{}", Verdict::retry},
    {"201 with an empty id", 201, R"({"_id":""})", Verdict::retry},
    {"201 with an empty body", 201, "", Verdict::retry},
    {"204", 204, "", Verdict::retry},
    {"207 of errors", 207, R"({"type":"MultiError","suberrors":[]})", Verdict::retry},
    {"200 page", 200, "<html><title>Login</title></html>", Verdict::retry},
    {"200 that is an array", 200, "[]", Verdict::retry},
    {"v4 duplicate", 400,
     R"({"type":"CreateError","message":"Alert t:s:r already exist in organisation soc"})",
     Verdict::duplicate},
    {"duplicate as 409", 409, R"({"type":"CreateError","message":"Alert t:s:r already exists"})",
     Verdict::duplicate},
    {"duplicate in another case", 400, R"({"type":"x","message":"ALERT t:s:r ALREADY EXIST"})",
     Verdict::duplicate},
    {"v3 duplicate by type", 400, R"({"type":"ConflictError","message":"conflict"})",
     Verdict::duplicate},
    {"a repeated value that says so of a document", 400,
     R"({"type":"BadRequest","message":"Invalid value type for custom field.\n  Found: document already exists"})",
     Verdict::refused},
    {"a repeated value that says so of an alert", 400,
     R"({"type":"AttributeCheckingError","message":"Alert x already exist"})", Verdict::refused},
    {"a repeated value that names a licence", 400,
     R"({"type":"BadRequest","message":"Invalid value type for custom field.\n  Found: license"})",
     Verdict::refused},
    {"a quoted value that names a licence", 400,
     R"({"type":"BadRequest","message":"'license' is no date"})", Verdict::refused},
    {"an entity of that name", 404,
     R"({"type":"NotFoundError","message":"CustomField license not found"})", Verdict::refused},
    {"a licence by the type", 400, R"({"type":"LicenseError","message":"x"})", Verdict::auth},
    {"a licence by the sentence", 403,
     R"({"type":"AuthorizationError","message":"The license has expired"})", Verdict::auth},
    {"4.0: an observable exists, the alert is rolled back", 400,
     R"({"type":"CreateError","message":"Observable already exists"})", Verdict::refused},
    {"another CreateError", 400, R"({"type":"CreateError","message":"no"})", Verdict::refused},
    {"already exists, but a 500", 500, R"({"message":"Alert t:s:r already exist"})",
     Verdict::retry},
    {"bad request", 400, R"({"type":"BadRequest","message":"Invalid json"})", Verdict::refused},
    {"409 of something else", 409, R"({"type":"x","message":"y"})", Verdict::refused},
    {"400 page", 400, "<html></html>", Verdict::blocked},
    {"a gateway's 400", 400, R"({"message":"Bad Request"})", Verdict::blocked},
    {"a firewall's page", 403, "<html><title>403 Forbidden</title></html>", Verdict::blocked},
    {"a firewall's JSON", 403, R"({"message":"Forbidden"})", Verdict::blocked},
    {"a gateway's problem", 403, R"({"type":"about:blank","title":"Forbidden","status":403})",
     Verdict::blocked},
    {"a proxy that wants a login", 401, "<html><title>Log in</title></html>", Verdict::blocked},
    {"a proxy that wants money", 402, "pay", Verdict::blocked},
    {"not acceptable", 406, "<html></html>", Verdict::blocked},
    {"unavailable for legal reasons", 451, "", Verdict::blocked},
    {"no route in version 4", 404, R"({"type":"NotFoundError","message":"/wrong/api/alert"})",
     Verdict::refused},
    {"wrong key", 401, R"({"type":"AuthenticationError","message":"Authentication failure"})",
     Verdict::auth},
    {"second factor", 402, R"({"type":"MultiFactorCodeRequired"})", Verdict::auth},
    {"no permission", 403, R"({"type":"AuthorizationError","message":"x"})", Verdict::auth},
    {"unknown entity", 404, R"({"type":"NotFoundError","message":"ObservableType x not found"})",
     Verdict::refused},
    {"method not allowed", 405, "", Verdict::refused},
    {"timeout", 408, "", Verdict::retry},
    {"too large", 413, R"({"type":"Unknown","message":"Request Entity Too Large"})",
     Verdict::too_large},
    {"too large, said by a proxy", 413, "<html></html>", Verdict::too_large},
    {"too early", 425, "", Verdict::retry},
    {"slow down", 429, R"({"type":"x","message":"y"})", Verdict::retry},
    {"moved", 301, "", Verdict::refused},
    {"found", 302, "<html></html>", Verdict::refused},
    {"internal", 500, R"({"type":"InternalError","message":"x"})", Verdict::retry},
    {"bad gateway", 502, "<html></html>", Verdict::retry},
    {"unavailable", 503, "", Verdict::retry},
    {"gateway timeout", 504, "", Verdict::retry},
    {"not ready", 520, "null", Verdict::retry},
};

}  // namespace

TEST_CASE("client classify: answers to a create request") {
  for (const Row& row : kRows) {
    INFO(row.name);
    const Delivery d = classify_create(answered(row.status, row.body));
    CHECK(std::string(verdict_name(d.verdict)) == verdict_name(row.verdict));
    CHECK(d.http_status == row.status);
    CHECK((d.verdict == Verdict::created) == !d.alert_id.empty());
    CHECK(d.message.find("HTTP " + std::to_string(row.status)) == 0);
    CHECK(d.message.find('\n') == std::string::npos);
  }
}

TEST_CASE("text that is not TheHive's own is marked, and so is a missing route") {
  CHECK(classify_create(answered(403, "<html></html>", "text/html")).foreign);
  CHECK(classify_create(answered(403, R"({"message":"Forbidden"})")).foreign);
  CHECK(classify_create(answered(503, "<html></html>", "text/html")).foreign);
  CHECK(classify_create(answered(429, "slow down", "text/plain")).foreign);
  CHECK(classify_create(answered(302, "", "text/html")).foreign);
  CHECK(classify_create(answered(200, "<html></html>", "text/html")).foreign);
  CHECK_FALSE(
      classify_create(answered(403, R"({"type":"AuthorizationError","message":"x"})")).foreign);
  CHECK_FALSE(classify_create(answered(503, "{}")).foreign);
  for (const char* body : {R"({"type":"NotFoundError","message":"/wrong/api/alert"})",
                           R"({"type":"NotFound","message":"no route"})"}) {
    CHECK(classify_create(answered(404, body)).wrong_place);
  }
  CHECK_FALSE(classify_create(
                  answered(404, R"({"type":"NotFoundError","message":"CustomField /x not found"})"))
                  .wrong_place);
}

TEST_CASE("a word at the beginning does not prove a licence error if it was in the request") {
  const http::Outcome outcome =
      answered(400, R"({"type":"BadRequest","message":"license is no date"})");
  CHECK(classify_create(outcome, R"({"customFields":{"until":"license"}})").verdict ==
        Verdict::refused);
}

TEST_CASE("the subject of a refusal has no repeated value") {
  const auto about = [](const char* body) { return classify_create(answered(400, body)).about; };
  CHECK(
      about(
          R"({"type":"BadRequest","message":"Invalid value type for custom field.\n Found: case template"})") ==
      "invalid value type for custom field.");
  CHECK(
      about(
          R"json({"type":"AttributeCheckingError","message":"[Invalid format for severity: FString(data type)]","errors":[{"name":"severity","field":"FString(data type)"}]})json") ==
      "severity");
}

TEST_CASE("client classify: the id of the created alert") {
  CHECK(classify_create(answered(201, R"({"_id":"~1"})")).alert_id == "~1");
  CHECK(classify_create(answered(201, R"({"id":"~2"})")).alert_id == "~2");
  CHECK(classify_create(answered(201, R"({"id":"~2","_id":"~1"})")).alert_id == "~1");
}

TEST_CASE("client classify: a 2xx without proof may have acted") {
  CHECK(classify_create(answered(200, "<html></html>", "text/html")).ambiguous);
  CHECK_FALSE(classify_create(answered(201, R"({"_id":"~1"})")).ambiguous);
}

TEST_CASE("no answer is a retry; ambiguous only if something was sent") {
  for (const http::FailureKind kind :
       {http::FailureKind::bad_url, http::FailureKind::name_lookup, http::FailureKind::connect,
        http::FailureKind::tls, http::FailureKind::interrupted_send,
        http::FailureKind::too_large}) {
    http::Outcome outcome;
    outcome.failure = kind;
    outcome.error = "cannot connect to thehive.example:9000: Connection refused";
    const Delivery d = classify_create(outcome);
    CHECK(d.verdict == Verdict::retry);
    CHECK(d.http_status == 0);
    CHECK(d.message == outcome.error);
    CHECK(d.ambiguous == outcome.ambiguous());
  }
}

TEST_CASE("client classify: the server's Retry-After is observed") {
  http::Outcome outcome = answered(503, "");
  outcome.response.retry_after_ms = 7000;
  CHECK(classify_create(outcome).retry_after_ms == 7000);
  CHECK(classify_create(answered(503, "")).retry_after_ms == -1);
}

TEST_CASE("messages hold the server's words, printable and short") {
  CHECK(
      classify_create(answered(400, R"({"type":"BadRequest","message":"Invalid json"})")).message ==
      "HTTP 400 BadRequest: Invalid json");
  const std::string hostile =
      classify_create(answered(400, R"({"type":"T\u001b[31m","message":"a\r\nb\u202ec)" +
                                        std::string(5000, 'x') + "\"}"))
          .message;
  CHECK(hostile.size() <= 400);
  for (const char* bad : {"\x1b", "\r", "\n", "\xe2\x80\xae"}) {
    CHECK(hostile.find(bad) == std::string::npos);
  }
}

TEST_CASE("client classify: verdicts have names of their own") {
  CHECK(std::string(verdict_name(Verdict::duplicate)) == "duplicate");
  CHECK(std::string(verdict_name(Verdict::too_large)) == "too_large");
}

}  // namespace socbridge::thehive
