// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/client.h"
#include "metrics/thehive_survey.h"
#include "support/canned_server.h"

namespace socbridge::metrics {

inline const std::string kVersion = test::http_answer(200, R"({"version":"5.7.3-1"})");

inline std::string list(const std::string& things) {
  return test::http_answer(200, "[" + things + "]");
}

inline std::uint64_t count_of(const Counts& counts, const std::string& name) {
  for (const auto& [value, count] : counts) {
    if (value == name) return count;
  }
  return 0;
}

// Answers of one look: version, the three lists, then numbers.
inline std::vector<std::string> answers(const std::string& fresh, const std::string& changed,
                                        const std::string& cases) {
  std::vector<std::string> out = {kVersion, list(fresh), list(changed), list(cases)};
  for (std::size_t i = out.size(); i < TheHiveSurvey::kMostRequests; ++i) {
    out.push_back(test::http_answer(200, "7"));
  }
  return out;
}

struct TheHiveFixture {
  explicit TheHiveFixture(std::vector<std::string> script) : server(std::move(script)) {}
  // With a new client, as the exporter has one each time: it asks for the version again.
  Status poll() {
    thehive::Client client(http, thehive::Endpoint{server.url(), Secret("k"), ""});
    return survey.poll(client, Amount::part, Deadline::after_ms(30000));
  }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  TheHiveSurvey survey;
};

// Further ahead than any clock.
inline const std::int64_t kAhead = wall_now_ms() + 2 * std::int64_t{86400000};

// Where reading one list has got to, by what is saved.
inline std::int64_t saved_time(const TheHiveSurvey& survey, const char* cursor) {
  json::Writer saved;
  survey.save(saved);
  const auto document = json::Document::parse(saved.text());
  REQUIRE(document.ok());
  return document->root()[cursor]["time"].integer().value_or(0);
}

}  // namespace socbridge::metrics
