// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/env.h"
#include "intake/intake.h"
#include "wazuh/invocation.h"

namespace socbridge::intake {

// The output of one run: log lines and the one line for the pipe.
class Reporter {
 public:
  // Both must outlive it.
  Reporter(Env& env, const wazuh::Invocation& call) : env_(env), call_(call) {}

  void set_log_file(std::string path) { log_file_ = std::move(path); }
  // ` (alert …, rule …)`, appended to every line except those of log_plain(); empty: unknown.
  void set_ids(std::string ids) { ids_ = std::move(ids); }
  const std::string& ids() const { return ids_; }

  void log(std::string_view level, const std::string& text) const { log_plain(level, text + ids_); }
  void log_plain(std::string_view level, const std::string& text) const;
  // Shifted arguments are often the cause of a failure.
  void log_remarks() const;

  IntakeResult success(const std::string& what) const;
  // Also logged.
  IntakeResult failure(ExitCode code, const std::string& text) const;
  // "custom-w2thive: TEXT IDS", at most 1000 characters.
  std::string line(const std::string& text) const;

 private:
  Env& env_;
  const wazuh::Invocation& call_;
  std::string log_file_;
  std::string ids_;
};

}  // namespace socbridge::intake
