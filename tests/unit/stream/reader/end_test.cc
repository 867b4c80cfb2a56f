// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/end.h"

#include <catch2/catch.hpp>

namespace socbridge::stream {
namespace {

EndVerdict refused(int status, const std::string& type = "application/json",
                   std::int64_t retry_after_ms = -1) {
  http::StreamEnd end;
  end.why = http::StreamEnd::Why::refused;
  end.outcome.response.status = status;
  end.outcome.response.content_type = type;
  end.outcome.response.retry_after_ms = retry_after_ms;
  return evaluate_end(end, 30000);
}

}  // namespace

TEST_CASE("Only the key and a stopped stream do not pass by waiting") {
  CHECK(refused(401).code == ExitCode::auth);
  CHECK(refused(403).code == ExitCode::auth);
  CHECK(refused(410).code == ExitCode::refused);
  CHECK(refused(200, "text/html").code == ExitCode::refused);
  for (const int status : {429, 500, 502, 503, 504}) {
    CHECK(refused(status).code == ExitCode::unreachable);
  }
  for (const auto why : {http::StreamEnd::Why::finished, http::StreamEnd::Why::broken,
                         http::StreamEnd::Why::silent}) {
    CHECK(evaluate_end({why, {}}, 30000).code == ExitCode::unreachable);
  }
  CHECK(evaluate_end({http::StreamEnd::Why::silent, {}}, 30000).reason == "no data for 30 s");
}

TEST_CASE("The pause is at least the one requested by the server") {
  CHECK(refused(503, "text/html", 120000).least_pause_ms == 120000);
  CHECK(refused(401).least_pause_ms == 300000);
  CHECK(refused(401, "text/html", 900000).least_pause_ms == 900000);
  CHECK(refused(503).least_pause_ms <= 0);
}

}  // namespace socbridge::stream
