// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <functional>
#include <string>
#include <utility>

#include "support/killing_env.h"

namespace socbridge::test {

// The real files, of which some are closed to this user, root or not.
class ClosedEnv final : public KillingEnv {
 public:
  explicit ClosedEnv(std::function<bool(const std::string& path)> is_closed)
      : KillingEnv(Env::real()), is_closed_(std::move(is_closed)) {}

  Result<Fd> open_read(const std::string& path) override {
    if (is_closed_(path)) return refused("open", path);
    return KillingEnv::open_read(path);
  }
  Result<FileInfo> stat(const std::string& path) override {
    if (is_closed_(path)) return refused("stat", path);
    return KillingEnv::stat(path);
  }
  Result<FileInfo> lstat(const std::string& path) override {
    if (is_closed_(path)) return refused("lstat", path);
    return KillingEnv::lstat(path);
  }

 private:
  static Status refused(const char* call, const std::string& path) {
    Status out =
        Status::error(ExitCode::failure, std::string(call) + " " + path + ": Permission denied");
    out.with_errno(EACCES);
    return out;
  }
  std::function<bool(const std::string&)> is_closed_;
};

}  // namespace socbridge::test
