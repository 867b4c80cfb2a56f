// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"

namespace socbridge::rules {

using json::kWholeValue;

// An error in a configuration value.
struct Fault {
  std::string pointer;  // JSON pointer (RFC 6901) to the value, e.g. /rules/2/set/title
  std::size_t offset = kWholeValue;  // bytes into the text of that value
  std::string message;               // one line, without the position
  std::string hint;                  // what to do next, may be empty
};

// The pointer in readable form: rules[2].set.title.
std::string path_of(std::string_view pointer);

// "rules[2].set.title: MESSAGE", without the position in the file. For an unknown key the path is
// that of the object that has it.
std::string line_of(const Fault& fault);

// Collects errors while a value is read, with the position of the current value.
class Faults {
 public:
  explicit Faults(std::string pointer = {}) : pointer_(std::move(pointer)) {}

  void add(std::string message, std::string hint = {}, std::size_t offset = kWholeValue) {
    list_.push_back({pointer_, offset, std::move(message), std::move(hint)});
  }
  const std::vector<Fault>& list() const { return list_; }
  bool none() const { return list_.empty(); }
  const std::string& pointer() const { return pointer_; }
  // Adds to the total characters of all regular expressions; returns the total.
  std::size_t count_regex(std::size_t characters) { return regex_characters_ += characters; }

  // Descends to a member or an element for its own lifetime.
  class Scope {
   public:
    Scope(Faults& faults, std::string_view name) : faults_(faults), back_(faults.pointer_.size()) {
      faults_.pointer_ += '/';
      for (const char c : name) {
        if (c == '~') {
          faults_.pointer_ += "~0";
        } else if (c == '/') {
          faults_.pointer_ += "~1";
        } else {
          faults_.pointer_ += c;
        }
      }
    }
    Scope(Faults& faults, std::size_t index) : Scope(faults, std::to_string(index)) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { faults_.pointer_.resize(back_); }

   private:
    Faults& faults_;
    std::size_t back_;
  };

 private:
  std::string pointer_;
  std::vector<Fault> list_;
  std::size_t regex_characters_ = 0;
};

}  // namespace socbridge::rules
