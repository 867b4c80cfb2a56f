// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "stream/event.h"

namespace socbridge::stream {

// Events as programs see them, in order. Thread-safe.
class Events {
 public:
  EventSink sink() {
    return [this](const Event& event) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(event_json(event));
    };
  }
  // Those with that name.
  std::vector<std::string> named(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const std::string& line : lines_) {
      if (line.starts_with(R"({"event":")" + name + "\"")) out.push_back(line);
    }
    return out;
  }
  std::size_t count(const std::string& name) const { return named(name).size(); }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace socbridge::stream
