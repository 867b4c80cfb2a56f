// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>

#include "base/exit_code.h"

namespace socbridge {

// Success, or an error and what to do next. Messages are for people, on one line, and contain
// neither secrets nor bytes that an attacker chose (pass those through printable() first).
class [[nodiscard]] Status {
 public:
  Status() = default;  // success

  // `message`: what failed, where and why. `hint`: what to do next, may be empty.
  static Status error(ExitCode code, std::string message, std::string hint = {}) {
    Status s;
    s.code_ = code;
    s.message_ = std::move(message);
    s.hint_ = std::move(hint);
    return s;
  }

  bool ok() const { return code_ == ExitCode::ok; }
  explicit operator bool() const { return ok(); }
  ExitCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  // errno of the system call that failed, or 0.
  int sys_errno() const { return errno_; }
  Status& with_errno(int e) {
    errno_ = e;
    return *this;
  }
  // "message; hint" on one line.
  std::string line() const { return hint_.empty() ? message_ : message_ + "; " + hint_; }

 private:
  ExitCode code_ = ExitCode::ok;
  int errno_ = 0;
  std::string message_;
  std::string hint_;
};

// A value, or the Status of the error.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  // Of an error only.
  Result(Status status) : status_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    assert(!status_.ok());
  }

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  // Only if ok(), which assertions check.
  T& value() & { return read(*this); }
  const T& value() const& { return read(*this); }
  T&& value() && { return std::move(read(*this)); }
  T& operator*() & { return read(*this); }
  const T& operator*() const& { return read(*this); }
  T* operator->() { return &read(*this); }
  const T* operator->() const { return &read(*this); }

 private:
  template <typename Self>
  static auto& read(Self& self) {
    assert(self.ok());
    return *self.value_;
  }

  std::optional<T> value_;
  Status status_;
};

}  // namespace socbridge
