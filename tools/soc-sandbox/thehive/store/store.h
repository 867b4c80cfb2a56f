// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

#include "base/env.h"
#include "soc-sandbox/thehive/store/tables.h"

namespace socbridge::sandbox {

// The tables with a lock, and their state file: JSON lines, one change per line, appended with one
// write per request. A killed sandbox loses no answered request and stores no partial alert, but at
// most a torn last line, which the next start removes.
class Store {
 public:
  // Errors (failure): the file cannot be opened, or line N is not a line of a state file.
  static Result<std::unique_ptr<Store>> open(const std::string& state_file);

  template <typename F>
  auto read(F function) const {
    const std::shared_lock lock(mutex_);
    return function(tables_);
  }

  // On return, the changes made by the function are in the state file.
  template <typename F>
  auto write(F function) {
    const std::unique_lock lock(mutex_);
    auto result = function(tables_);
    save();
    return result;
  }

 private:
  Store() = default;
  Status load(const std::string& path);
  void save();

  mutable std::shared_mutex mutex_;
  Tables tables_;
  Fd file_;
  bool save_failed_ = false;
};

}  // namespace socbridge::sandbox
