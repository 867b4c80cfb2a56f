// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/end.h"

#include <algorithm>

#include "opencti/stream/stream_end.h"

namespace socbridge::stream {

EndVerdict evaluate_end(const http::StreamEnd& end, std::int64_t silence_ms) {
  constexpr std::int64_t kAuthPauseMs = 300000, kStoppedPauseMs = 60000;
  EndVerdict out;
  const Status why = opencti::explain_end(end, silence_ms);
  if (why.ok()) {
    out.reason = "stopped";
    return out;
  }
  out.reason = why.message();
  out.code = why.code();
  if (out.code == ExitCode::auth) out.least_pause_ms = kAuthPauseMs;
  if (out.code == ExitCode::refused) out.least_pause_ms = kStoppedPauseMs;
  if (end.why == http::StreamEnd::Why::refused) {
    out.least_pause_ms = std::max(out.least_pause_ms, end.outcome.response.retry_after_ms);
  }
  return out;
}

}  // namespace socbridge::stream
