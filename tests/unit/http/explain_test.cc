// SPDX-License-Identifier: Apache-2.0
#include "http/explain.h"

#include <catch2/catch.hpp>

#include <set>

#include "cortex/answer.h"
#include "grafana/client.h"
#include "json/answer.h"
#include "kubernetes/client.h"
#include "opencti/answer.h"
#include "opensearch/connection.h"
#include "prometheus/client.h"
#include "thehive/answer.h"
#include "wazuh/api_client.h"

namespace socbridge::http {
namespace {

constexpr ExitCode kAuth = ExitCode::auth, kNoWord = ExitCode::unreachable;

// What 401, 402 and 403 mean with each body; other statuses mean the same for all.
struct Product {
  const ProductErrors* errors;
  const char* own;
  ExitCode own_refusal, page_refusal, empty_refusal, gateway_refusal;
};

const Product kProducts[] = {
    {&thehive::kErrors, R"({"type":"AuthenticationError","message":"m"})", kAuth, kNoWord, kNoWord,
     kNoWord},
    {&cortex::kErrors, R"({"type":"AuthenticationError","message":"m"})", kAuth, kNoWord, kNoWord,
     kNoWord},
    // It refuses a token with errors of GraphQL.
    {&opencti::kErrors, R"({"status":"error","error":"m"})", kNoWord, kNoWord, kNoWord, kNoWord},
    {&opensearch::kErrors, R"({"error":{"reason":"m"},"status":403})", kAuth, kNoWord, kAuth,
     kNoWord},
    {&grafana::kErrors, R"({"message":"m"})", kAuth, kNoWord, kAuth, kNoWord},
    // Its key is for a proxy.
    {&prometheus::kErrors, R"({"status":"error","error":"m"})", kAuth, kAuth, kAuth, kAuth},
    {&kubernetes::kErrors, R"({"kind":"Status","message":"m"})", kAuth, kNoWord, kAuth, kNoWord},
    {&wazuh::kApiErrors, R"({"title":"Unauthorized","detail":"m"})", kAuth, kNoWord, kAuth, kAuth},
};

Outcome answered(int status, std::string body, std::string type = "application/json") {
  Outcome outcome;
  outcome.response.status = status;
  outcome.response.body = std::move(body);
  outcome.response.content_type = std::move(type);
  return outcome;
}

ExitCode expected(int status, ExitCode refusal) {
  if (status >= 200 && status < 300) return ExitCode::ok;
  const std::set<int> access{401, 402, 403}, later{407, 408, 425, 429};
  if (access.contains(status)) return refusal;
  return later.contains(status) || status >= 500 ? ExitCode::unreachable : ExitCode::refused;
}

std::string message(const ProductErrors& errors, const Outcome& outcome) {
  return explain("asking", outcome, errors).message();
}

}  // namespace

TEST_CASE("explain: status, product and body: one code") {
  for (const Product& product : kProducts) {
    for (const int status : {200, 201, 204, 302, 307, 400, 401, 402, 403, 404, 405, 407,
                             408, 409, 413, 418, 422, 425, 429, 500, 502, 503, 504, 520}) {
      INFO(product.errors->name << " " << status);
      const auto of = [&](const Outcome& outcome) {
        const Status given = explain("asking", outcome, *product.errors);
        CHECK(
            (given.ok() || given.message().starts_with("asking: HTTP " + std::to_string(status))));
        return given.code();
      };
      CHECK(of(answered(status, product.own)) == expected(status, product.own_refusal));
      CHECK(of(answered(status, "<html><title>Blocked</title></html>", "text/html")) ==
            expected(status, product.page_refusal));
      CHECK(of(answered(status, "", "")) == expected(status, product.empty_refusal));
      CHECK(of(answered(status, R"({"code":"denied"})")) ==
            expected(status, product.gateway_refusal));
    }
  }
}

TEST_CASE("explain: no answer: the URL, or the way to it") {
  for (const Product& product : kProducts) {
    Outcome outcome;
    outcome.error = "cannot\nconnect";
    outcome.failure = FailureKind::bad_url;
    CHECK(explain("asking", outcome, *product.errors).code() == ExitCode::usage);
    for (const FailureKind kind : {FailureKind::name_lookup, FailureKind::connect, FailureKind::tls,
                                   FailureKind::interrupted_send, FailureKind::too_large}) {
      outcome.failure = kind;
      const Status status = explain("asking", outcome, *product.errors);
      CHECK(status.code() == ExitCode::unreachable);
      CHECK_THAT(status.message(), Catch::StartsWith("asking: cannot") && !Catch::Contains("\n"));
      CHECK((status.hint().find("certificate") != std::string::npos) == (kind == FailureKind::tls));
    }
  }
}

TEST_CASE("who answered is named, with the server's own words") {
  for (const Product& product : kProducts) {
    const std::string name(product.errors->name);
    INFO(name);
    CHECK_THAT(message(*product.errors, answered(400, product.own)),
               Catch::EndsWith(": m") && !Catch::Contains("not an answer"));
    CHECK(message(*product.errors, answered(502, "<title>Bad</title>", "text/html")) ==
          "asking: HTTP 502: Bad (not an answer of " + name + ")");
    CHECK(message(*product.errors, answered(502, "<html></html>", "text/html")) ==
          "asking: HTTP 502: an HTML page (not an answer of " + name + ")");
    CHECK_THAT(message(*product.errors, answered(407, product.own)),
               Catch::Contains("a proxy or firewall answered, not " + name));
  }
}

TEST_CASE("JSON without the member of a product's refusals is another's") {
  const auto code = [](const char* body) {
    return explain("asking", answered(403, body), opensearch::kErrors).code();
  };
  CHECK(code(R"({"message":"Forbidden"})") == ExitCode::unreachable);
  CHECK(code(R"({"error":"no permissions"})") == ExitCode::auth);
}

TEST_CASE("words of JSON in every shape, and of a text") {
  const auto words = [](const char* body, const char* type = "application/json") {
    return message({"Product"}, answered(400, body, type));
  };
  CHECK(words(R"({"message":"no","type":"x"})") == "asking: HTTP 400: no");
  CHECK(words(R"({"error":{"reason":"no permissions"}})") == "asking: HTTP 400: no permissions");
  CHECK(words(R"({"errors":[{"message":"bad query"}]})") == "asking: HTTP 400: bad query");
  CHECK(words(R"({"title":"T","detail":"Invalid"})") == "asking: HTTP 400: Invalid");
  CHECK(words(" Unauthorized\n", "text/plain") == "asking: HTTP 400: Unauthorized");
  CHECK(words("null") == "asking: HTTP 400");
  CHECK(words("a\x1b[2J\nb", "text/plain").find_first_of("\x1b\n") == std::string::npos);
  CHECK(words(std::string(5000, 'x').c_str(), "text/plain").size() < 350);
}

TEST_CASE("explain: what to do, by product") {
  const auto cure = [](const ProductErrors& errors, int status, const char* body) {
    return explain("asking", answered(status, body), errors).hint();
  };
  CHECK(cure(thehive::kErrors, 401, R"({"type":"A"})") == "check the key");
  CHECK_THAT(cure(thehive::kErrors, 403, R"({"type":"A"})"), Catch::Contains("permissions"));
  CHECK_THAT(cure(cortex::kErrors, 403, R"({"type":"A"})"), Catch::Contains("read and analyze"));
  CHECK_THAT(cure(cortex::kErrors, 520, "null"), Catch::Contains("migrate"));
  CHECK_THAT(cure(kubernetes::kErrors, 401, R"({"kind":"Status"})"), Catch::Contains("expired"));
  CHECK(cure(grafana::kErrors, 429, "{}") == "try again later");
  CHECK(cure(grafana::kErrors, 404, "{}") == "check that the URL is that of Grafana");
  CHECK(cure(thehive::kErrors, 404, "{}") == "check that the URL is that of TheHive");
  CHECK(cure(thehive::kErrors, 404, R"({"type":"NotFoundError"})").empty());
  Outcome moved = answered(302, "");
  moved.response.headers = {{"location", "https://login.example/?token=hunter2"}};
  const Status redirect = explain("asking", moved, grafana::kErrors);
  CHECK(redirect.line() ==
        "asking: HTTP 302: the URL redirects to https://login.example; give the "
        "final URL");
}

TEST_CASE("explain: a 2xx is read as JSON") {
  const auto read = [](std::string body, std::string type) {
    return read_json("asking", answered(200, std::move(body), std::move(type)), thehive::kErrors);
  };
  CHECK(read("[1]", "text/plain")->root().size() == 1);
  CHECK(read("[1", "application/json").status().code() == ExitCode::unreachable);
  CHECK(read("", "application/json").status().code() == ExitCode::unreachable);
  CHECK(read("", "").status().code() == ExitCode::refused);
  CHECK(read("hello", "text/plain").status().message() ==
        "asking: HTTP 200 with a body that is not JSON where JSON was expected");
  for (const char* type : {"text/html", "application/json"}) {
    const Status page = read("<!doctype html>", type).status();
    CHECK(page.code() == ExitCode::refused);
    CHECK_THAT(page.message(), Catch::Contains("an HTML page"));
  }
  CHECK(read_json("asking", answered(500, "{}"), thehive::kErrors).status().code() ==
        ExitCode::unreachable);
}

TEST_CASE("an answer with more values than any has is not read") {
  std::string body = "[";
  for (std::size_t i = 0; i <= json::kMostAnswerValues; ++i) body += "1,";
  const Status status = read_json("asking", answered(200, body + "1]"), {"Product"}).status();
  CHECK(status.code() == ExitCode::refused);
  CHECK_THAT(status.message(), Catch::Contains("too many values"));
}

}  // namespace socbridge::http
