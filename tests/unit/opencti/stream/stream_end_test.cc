// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/stream_end.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using opencti::explain_end;
using Why = http::StreamEnd::Why;

namespace {

Status refused(int status, const char* type) {
  http::StreamEnd end;
  end.why = Why::refused;
  end.outcome.response.status = status;
  end.outcome.response.content_type = type;
  return explain_end(end, 0);
}

Status ended(Why why, std::int64_t silence_ms = 0) {
  http::StreamEnd end;
  end.why = why;
  end.outcome.error = "connection reset";
  return explain_end(end, silence_ms);
}

}  // namespace

TEST_CASE("temporary conditions are unreachable, our own end is not") {
  CHECK(ended(Why::stopped).ok());
  CHECK(ended(Why::finished).code() == ExitCode::unreachable);
  CHECK(ended(Why::broken).message() == "connection reset");
  CHECK(ended(Why::broken).code() == ExitCode::unreachable);
  CHECK(ended(Why::silent, 999).message() == "no data for 999 ms");
  CHECK(ended(Why::silent, 15999).message() == "no data for 15 s");
}

TEST_CASE("a refusal is the token's, the stream's, or a proxy's") {
  for (const int status : {401, 403}) {
    CHECK(refused(status, "application/json").code() == ExitCode::auth);
    // OpenCTI answers no page: the token was not checked.
    CHECK(refused(status, "text/html").code() == ExitCode::unreachable);
  }
  CHECK(refused(407, "text/html").code() == ExitCode::unreachable);
  CHECK(refused(410, "application/json").code() == ExitCode::refused);
  CHECK(refused(502, "text/html").code() == ExitCode::unreachable);
  const Status page = refused(200, "text/html\x1b[31m");
  CHECK(page.code() == ExitCode::refused);
  CHECK_THAT(page.line(), Catch::Contains("not a stream") && !Catch::Contains("\x1b"));
}
