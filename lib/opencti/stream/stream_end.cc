// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/stream_end.h"

#include "base/text.h"
#include "http/error_page.h"

namespace socbridge::opencti {
namespace {

Status explain_refusal(const http::Response& response) {
  if (http::is_access_refusal(response.status) && response.content_type == "text/html") {
    return http::refused_before("HTTP " + std::to_string(response.status), "OpenCTI");
  }
  switch (response.status) {
    case 401:
    case 403:
      return Status::error(ExitCode::auth,
                           "the token is wrong, there is no stream with this id, or the user may "
                           "not read it (" +
                               std::to_string(response.status) + ")",
                           "give the user's role \"Access data sharing\" (TAXIIAPI) and let the "
                           "stream be read by it; the stream live is for administrators only");
    case 410:
      return Status::error(ExitCode::refused, "the stream is stopped in OpenCTI (410)",
                           "start it under Data, Data sharing, Live streams");
    case 200:
      return Status::error(ExitCode::refused,
                           "the answer is " + printable(response.content_type, 60) +
                               ", not a stream: the URL is not OpenCTI's, or a proxy is in between",
                           "configure the proxy to pass /stream to OpenCTI without buffering");
    default:
      return Status::error(ExitCode::unreachable,
                           "the server answers " + std::to_string(response.status),
                           "check the log of the platform and of the proxy in front of it");
  }
}

}  // namespace

Status explain_end(const http::StreamEnd& end, std::int64_t silence_ms) {
  using Why = http::StreamEnd::Why;
  constexpr std::int64_t kSecond = 1000;
  switch (end.why) {
    case Why::stopped: return {};
    case Why::finished:
      return Status::error(ExitCode::unreachable, "the server ended the stream",
                           "the stream was stopped, or a proxy ended the long answer");
    case Why::silent:
      return Status::error(
          ExitCode::unreachable,
          "no data for " + (silence_ms < kSecond ? std::to_string(silence_ms) + " ms"
                                                 : std::to_string(silence_ms / kSecond) + " s"),
          "configure the proxy to pass /stream to OpenCTI without buffering");
    case Why::broken: return Status::error(ExitCode::unreachable, end.outcome.error);
    case Why::refused: break;
  }
  return explain_refusal(end.outcome.response);
}

}  // namespace socbridge::opencti
