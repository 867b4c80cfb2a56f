// SPDX-License-Identifier: Apache-2.0
#include "intake/reporter.h"

#include "base/log.h"
#include "base/text.h"

namespace socbridge::intake {

void Reporter::log_plain(std::string_view level, const std::string& text) const {
  static_cast<void>(append_log_line(env_, log_file_, wazuh::own_name(), level, text));
}

void Reporter::log_remarks() const {
  for (const std::string& remark : call_.remarks) log_plain("WARNING", "arguments: " + remark);
}

std::string Reporter::line(const std::string& text) const {
  constexpr std::size_t kMaxLine = 1000;  // integratord reads lines of up to 4095 bytes
  return "custom-w2thive: " + printable(text + ids_, kMaxLine);
}

IntakeResult Reporter::success(const std::string& what) const {
  return {ExitCode::ok, call_.debug ? line(what) : std::string()};
}

IntakeResult Reporter::failure(ExitCode code, const std::string& text) const {
  log_remarks();
  log("ERROR", text);
  return {code, line(text)};
}

}  // namespace socbridge::intake
