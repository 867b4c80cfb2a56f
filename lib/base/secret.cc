// SPDX-License-Identifier: Apache-2.0
#include "base/secret.h"

#include <string.h>  // explicit_bzero
#include <sys/prctl.h>

namespace socbridge {

void secure_wipe(void* data, std::size_t size) noexcept {
  if (data != nullptr && size > 0) explicit_bzero(data, size);
}

void Secret::wipe() noexcept {
  // The complete buffer, including bytes after the end of a shortened text.
  secure_wipe(value_.data(), value_.capacity());
  value_.clear();
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

// Copies and wipes: a short string lives inside the object, so a plain move would leave it behind.
Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() { wipe(); }

void disable_core_dumps() { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

}  // namespace socbridge
