// SPDX-License-Identifier: Apache-2.0
// Bytes as a live stream, split in two ways: the same events must result, and each must be readable
// as an event.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "opencti/stream/sse.h"
#include "opencti/stream/stream_event.h"
#include "stream/match.h"

namespace {

using namespace socbridge;

std::vector<std::string> read(std::string_view bytes, std::size_t chunk) {
  constexpr std::size_t kMost = 4096;
  opencti::SseParser parser(kMost);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    const std::string part(bytes.substr(at, chunk));
    parser.feed(part, [&](const opencti::SseEvent& e) {
      out.push_back(std::string(e.name) + "\x1f" + std::string(e.id) + "\x1f" +
                    std::string(e.data) + (e.has_id ? "i" : "") + (e.oversize ? "o" : ""));
      return true;
    });
    if (parser.held_bytes() > 3 * kMost) std::abort();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t chunk = data[0] % 64U + 1;
  if (read(bytes, chunk) != read(bytes, size)) std::abort();
  stream::MatchSet set(1);
  set.add({"ip", "198.51.100.7"}, 1);
  set.add({"name", "multi.evil.example"}, 2);
  stream::MatchCounts counts;
  opencti::SseParser parser;
  parser.feed(bytes, [&](const opencti::SseEvent& e) {
    opencti::StreamEvent event;
    if (!opencti::read_event(e, event).ok()) return true;
    if (event.name == opencti::EventName::connected) {
      static_cast<void>(opencti::read_connected(event));
      return true;
    }
    for (const auto& match : stream::match_event(event, set, {}, 1, counts)) {
      const auto again = stream::StreamMatch::read(match.json());
      if (event.id && !match.indicator.empty() && (!again.ok() || again->json() != match.json())) {
        std::abort();
      }
    }
    return true;
  });
  return 0;
}
