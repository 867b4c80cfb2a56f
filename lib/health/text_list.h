// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"

namespace socbridge::health {

// "1 node", "3 nodes".
inline std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

// Counts names and stores the first few for display: "a, b, c and 4 more".
class TextList {
 public:
  void add(std::string_view name) {
    constexpr std::size_t kShown = 5;
    constexpr std::size_t kLongest = 60;
    if (count_++ < kShown) {
      text_ += (text_.empty() ? "" : ", ") + printable(name, kLongest);
    } else {
      ++more_;
    }
  }
  std::size_t count() const { return count_; }
  std::string text() const {
    return more_ == 0 ? text_ : text_ + " and " + std::to_string(more_) + " more";
  }

 private:
  std::string text_;
  std::size_t count_ = 0, more_ = 0;
};

}  // namespace socbridge::health
