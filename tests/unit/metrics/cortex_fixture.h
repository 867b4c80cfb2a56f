// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/text.h"
#include "metrics/cortex_survey.h"
#include "support/raw_server.h"

namespace socbridge::metrics {

inline constexpr UnixMillis kNow = 1741938001037;

inline std::string job(const std::string& analyzer, const char* status, std::int64_t start,
                       std::int64_t end) {
  return R"({"id":"j","analyzerName":")" + analyzer + R"(","workerName":")" + analyzer +
         R"(","status":")" + status + R"(","startDate":)" + std::to_string(start) +
         R"(,"endDate":)" + std::to_string(end) + "}";
}

// A Cortex with these jobs and analyzers; each count is `total`.
struct CortexFixture {
  std::string jobs, analyzers;
  std::string total = "5";
  std::string fail_on;  // a request that holds this is answered with 500
  CortexSurvey survey;

  Status poll(UnixMillis now = kNow) {
    cortex::Client client(http, {"http://" + server.host_port(), Secret("k")});
    return survey.poll(client, Amount::everything, now, Deadline::after_ms(10000));
  }
  std::uint64_t ended(const std::string& analyzer, const std::string& status) const {
    for (const auto& one : survey.ended().by_analyzer) {
      if (one.analyzer == analyzer && one.status == status) return one.count;
    }
    return 0;
  }
  std::string answer(const std::string& request) const {
    if (!fail_on.empty() && request.find(fail_on) != std::string::npos) {
      return http::test::answer("500 Error", "{}", "Content-Type: application/json\r\n");
    }
    const bool lists = request.starts_with("GET ");
    const bool newest = request.find("\"query\":{}") != std::string::npos;
    const std::string body = "[" + (lists ? analyzers : newest ? jobs : "") + "]";
    return http::test::answer("200 OK", body,
                              "Content-Type: application/json\r\nX-Total: " + total + "\r\n");
  }

  http::Client http{http::ClientOptions{}};
  http::test::RawServer server{[this](http::test::Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) peer.send(answer(request));
  }};
};

}  // namespace socbridge::metrics
