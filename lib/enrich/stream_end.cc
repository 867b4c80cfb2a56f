#include "enrich/stream_end.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::enrich {
namespace {

constexpr std::int64_t kAuthPauseMs = 300000, kStoppedPauseMs = 60000;

EndVerdict judge_refusal(const http::Response& response) {
  const std::string status = std::to_string(response.status);
  EndVerdict out;
  switch (response.status) {
    case 401:
    case 403:
      out = {"the token is wrong, there is no stream with this id, or the user may not read it (" +
                 status + ")",
             ExitCode::auth, kAuthPauseMs};
      break;
    case 410:
      out = {"the stream is stopped in OpenCTI (410)", ExitCode::refused, kStoppedPauseMs};
      break;
    case 200:
      out = {"the answer is " + printable(response.content_type, 60) +
                 ", not a stream: the URL is not OpenCTI's, or a proxy stands in between",
             ExitCode::refused, kStoppedPauseMs};
      break;
    default: out.reason = "the server answers " + status;
  }
  out.least_pause_ms = std::max(out.least_pause_ms, response.retry_after_ms);
  return out;
}

}  // namespace

EndVerdict judge_end(const http::StreamEnd& end, std::int64_t silence_ms) {
  using Why = http::StreamEnd::Why;
  EndVerdict out;
  switch (end.why) {
    case Why::finished: out.reason = "the server ended the stream"; break;
    case Why::silent:
      out.reason = "nothing came for " + std::to_string(silence_ms / 1000) + " s";
      break;
    case Why::broken: out.reason = end.outcome.error; break;
    case Why::stopped: out.reason = "stopped"; break;
    case Why::refused: return judge_refusal(end.outcome.response);
  }
  return out;
}

}  // namespace socbridge::enrich
