// SPDX-License-Identifier: Apache-2.0
#include "relay/event_log.h"

namespace socbridge::relay {

void EventLog::say(Level level, const std::string& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  sink_(level, text);
}

void EventLog::note(Level level, const std::string& event_class, const std::string& text,
                    std::int64_t steady_ms) {
  constexpr std::int64_t kQuietMs = 60000;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto [at, first] = classes_.try_emplace(event_class);
  Class& seen = at->second;
  if (!verbose_ && !first && steady_ms - seen.written_ms < kQuietMs) {
    ++seen.unwritten;
    return;
  }
  const std::string more = seen.unwritten == 0 ? std::string()
                                               : " (and " + std::to_string(seen.unwritten) +
                                                     " like it since the last line)";
  seen = {steady_ms, 0};
  sink_(level, text + more);
}

}  // namespace socbridge::relay
