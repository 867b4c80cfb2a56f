// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge {

// Holds a key or a password. It cannot be printed or compared by accident, and its memory is wiped
// on destruction. reveal() is only for code that needs the bytes (the HTTP header).
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  bool empty() const { return value_.empty(); }
  std::string_view reveal() const { return value_; }

 private:
  void wipe() noexcept;
  std::string value_;
};

// Overwrites memory in a way that the compiler may not remove.
void secure_wipe(void* data, std::size_t size) noexcept;

// Replaces every occurrence of `secret` (if 4 bytes or longer) in `text` by "[redacted]".
// Last-resort redaction for texts that come from libraries or servers.
std::string redact(std::string text, const Secret& secret);

// Makes the process undumpable: no core file and no ptrace by the same user (PR_SET_DUMPABLE 0).
void disable_core_dumps();

}  // namespace socbridge
