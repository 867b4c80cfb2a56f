// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace socbridge::relay {

enum class Level { error, warning, info };

// Writes one line per class of events instead of one per alert: the first of a class is written at
// once, further ones within a minute are counted, and the next line has their number. Thread-safe:
// the sink is called by one thread at a time.
class EventLog {
 public:
  using Sink = std::function<void(Level level, const std::string& line)>;
  EventLog(Sink sink, bool verbose) : sink_(std::move(sink)), verbose_(verbose) {}

  // A single event: a change of state, start or stop.
  void say(Level level, const std::string& text);
  // One of many similar events. With `verbose` each is written.
  void note(Level level, const std::string& event_class, const std::string& text,
            std::int64_t steady_ms);
  // Written only with `verbose`.
  void detail(const std::string& text) {
    if (verbose_) say(Level::info, text);
  }
  bool verbose() const { return verbose_; }

 private:
  struct Class {
    std::int64_t written_ms = 0;
    std::uint64_t unwritten = 0;
  };
  Sink sink_;
  bool verbose_;
  std::mutex mutex_;
  std::map<std::string, Class> classes_;
};

}  // namespace socbridge::relay
