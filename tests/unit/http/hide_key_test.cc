// SPDX-License-Identifier: Apache-2.0
#include "http/hide_key.h"

#include <catch2/catch.hpp>

using namespace socbridge;

namespace {

http::Outcome with_key(int status, std::string type, std::size_t filling = 0) {
  http::Outcome outcome;
  outcome.error = "sent Bearer k3y-01234567";
  outcome.response.status = status;
  outcome.response.content_type = std::move(type);
  outcome.response.body = R"({"got":"k3y-01234567","more":")" + std::string(filling, 'x') + "\"}";
  outcome.response.headers = {{"x-echo", "Bearer k3y-01234567"}};
  return outcome;
}

bool holds_key(const std::string& text) { return text.find("k3y-01234567") != std::string::npos; }

}  // namespace

TEST_CASE("the key is in no text that came back") {
  constexpr std::size_t kLong = 70000;
  for (const auto& [status, type, filling] : {std::tuple(200, "application/json", std::size_t{0}),
                                              {200, "text/html", kLong},
                                              {401, "text/html", std::size_t{0}},
                                              {500, "application/json", kLong}}) {
    INFO(status << " " << type << " " << filling);
    http::Outcome outcome = with_key(status, type, filling);
    http::hide_key(outcome, Secret("k3y-01234567"));
    CHECK_FALSE(holds_key(outcome.error));
    CHECK_FALSE(holds_key(outcome.response.body));
    CHECK_FALSE(holds_key(outcome.response.headers.front().second));
  }
}

TEST_CASE("hide key: long JSON of a 2xx is data") {
  http::Outcome outcome = with_key(200, "application/json", 70000);
  http::hide_key(outcome, Secret("k3y-01234567"));
  CHECK(holds_key(outcome.response.body));
}
