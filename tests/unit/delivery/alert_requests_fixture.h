// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "delivery/alert_requests.h"
#include "json/value.h"
#include "support/said.h"
#include "support/spool_fixture.h"

namespace socbridge::delivery {

// A connection that ended during the request.
inline http::Outcome broke_off() {
  http::Outcome outcome;
  outcome.failure = http::FailureKind::interrupted_send;
  outcome.error = "reset";
  return outcome;
}

inline integration::Settings settings_for(const std::string& version = "5") {
  integration::Settings s;
  s.endpoint = {"http://127.0.0.1:9", Secret("s3cretkey"), ""};
  s.thehive_version = version;
  return s;
}

inline json::Document body_of(const AlertRequests& requests) {
  auto document = json::Document::parse(requests.next(1000).body);
  REQUIRE(document.ok());
  return std::move(*document);
}

inline const std::string kCreated = R"({"_id":"~1","_type":"alert"})";

// A page of something before TheHive.
inline http::Outcome page(int status) {
  http::Outcome outcome = test::said(status, "<html><title>Request rejected</title></html>");
  outcome.response.content_type = "text/html";
  return outcome;
}

inline constexpr const char* kUser =
    R"({"login":"w","organisation":"soc","permissions":["manageAlert/create"]})";

// Answers the request that asks whose key it is.
inline void answer_key_check(AlertRequests& requests, const http::Outcome& outcome) {
  REQUIRE_FALSE(requests.finished());
  CHECK_FALSE(requests.creates());
  CHECK_THAT(requests.next(1000).url, Catch::EndsWith("/api/v1/user/current"));
  requests.answered(outcome);
}

}  // namespace socbridge::delivery
