// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/stream_check.h"

#include <algorithm>

#include "http/stream.h"
#include "opencti/stream/sse.h"
#include "opencti/stream/stream_end.h"
#include "opencti/stream/stream_event.h"

namespace socbridge::opencti {
namespace {

http::Request open_request(const Endpoint& endpoint, std::string_view stream_id) {
  http::Request request;
  // With a start position the server knows an id at once and sends heartbeats
  // (docs/protocols/opencti.md, "Stream frames").
  request.url = base_url(endpoint.url) + "/stream/" + http::url_encode(stream_id) +
                "?from=" + std::to_string(wall_now_ms()) + "-0";
  request.bearer = endpoint.token;
  request.headers = {{"Accept", "text/event-stream"}};
  add_headers(request);
  return request;
}

}  // namespace

StreamCheck check_stream(const http::ClientOptions& http, const Endpoint& endpoint,
                         std::string_view stream_id, const StreamCheckLimits& limits) {
  StreamCheck out;
  const std::int64_t started = steady_now_ms();
  const auto since = [&] { return steady_now_ms() - started; };
  const auto enough = [&] {
    if (out.connected_ms < 0) return false;
    if (out.sign_ms >= 0 || !out.last) return true;
    const auto now = static_cast<std::uint64_t>(std::max<UnixMillis>(wall_now_ms(), 0));
    const auto age = static_cast<std::int64_t>(now - std::min(out.last->ms, now));
    return age < limits.fresh_ms || since() - out.connected_ms >= limits.beat_ms;
  };
  constexpr std::size_t kMostOfEvent = std::size_t{1} << 20;
  SseParser parser(kMostOfEvent);
  StreamEvent event;
  const auto take = [&](const SseEvent& from) {
    if (!read_event(from, event).ok() && event.name == EventName::connected) return true;
    if (event.name == EventName::other) return true;
    if (event.name != EventName::connected) {
      out.sign_ms = since();
      return !enough();
    }
    out.connected_ms = since();
    const Connected connected = read_connected(event);
    if (connected.last && connected.last->ms > 0) out.last = connected.last;
    return !enough();
  };
  http::StreamOptions options;
  options.answer_ms = std::max<std::int64_t>(limits.at_most_ms, 1);
  options.idle_ms = 2 * options.answer_ms;  // once the stream is open, only tick() ends it
  http::StreamHandler handler;
  handler.bytes = [&](std::string_view bytes) { return parser.feed(bytes, take); };
  handler.tick = [&] { return !enough() && since() < limits.at_most_ms; };
  http::Stream stream(http);
  const http::StreamEnd end =
      stream.run(open_request(endpoint, stream_id), "text/event-stream", options, handler);
  out.waited_ms = since();
  if (enough()) return out;
  out.status = explain_end(end, out.waited_ms);
  if (out.status.ok() && out.connected_ms < 0) {  // our own time limit ended it
    http::StreamEnd silent;
    silent.why = http::StreamEnd::Why::silent;
    out.status = explain_end(silent, out.waited_ms);
  }
  return out;
}

}  // namespace socbridge::opencti
