// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_set>

#include "json/value.h"

namespace socbridge::json {

// Filter for the members of one object, called in order: whether each is the first of its name.
class DuplicateKeyFilter {
 public:
  explicit DuplicateKeyFilter(Value object) : object_(object) {}

  bool is_first(std::size_t index) {
    const std::string_view name = object_.key_at(index);
    if (object_.size() > kFew) return seen_.insert(name).second;
    for (std::size_t i = 0; i < index; ++i) {
      if (object_.key_at(i) == name) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kFew = 32;
  Value object_;
  std::unordered_set<std::string_view> seen_;
};

}  // namespace socbridge::json
