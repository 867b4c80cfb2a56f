// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "health/probes/wazuh.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kWindowMs = 3600000;  // errors younger than this count
constexpr std::size_t kTail = std::size_t{256} << 10;

// Wazuh does not rotate the log, which may be huge, so only its end is read.
std::string read_tail(int fd, std::uint64_t size) {
  std::string text(std::min<std::uint64_t>(size, kTail), '\0');
  const ssize_t n = ::pread(fd, text.data(), text.size(), static_cast<off_t>(size - text.size()));
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

}  // namespace

// Lines are `TIME PROGRAM LEVEL: TEXT` (base/log.h); the file is shared with other integrations.
void check_log(Probe& probe, const std::string& log_file, const std::string& check) {
  auto fd = probe.env().open_read(log_file);
  if (!fd.ok()) {
    probe.skip(check, log_file + " cannot be read; it is created with the first failure");
    return;
  }
  const auto info = probe.env().fstat(fd->get());
  const std::string text = read_tail(fd->get(), info.ok() ? info->size : 0);
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::string newest;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const std::string_view rest = line.substr(blank + 1);
    const std::size_t level = rest.find(' ');
    if (!rest.starts_with("custom-w2thive") || level == std::string_view::npos) continue;
    const bool error = rest.substr(level).starts_with(" ERROR:");
    if (!error && !rest.substr(level).starts_with(" WARNING:")) continue;
    const auto at = parse_timestamp(line.substr(0, blank));
    if (!at || probe.now_ms() - *at > kWindowMs) continue;
    ++(error ? errors : warnings);
    newest = std::string(trim(rest.substr(rest.find(':') + 1)));
  }
  if (errors + warnings == 0) {
    probe.ok(check, "no errors and no warnings in the last hour");
    return;
  }
  std::string counts;
  if (errors > 0) counts = counted(errors, "error", "errors");
  if (warnings > 0) {
    counts += (counts.empty() ? "" : " and ") + counted(warnings, "warning", "warnings");
  }
  const std::string detail = counts + " in the last hour, the newest: " + newest;
  const State state =
      probe.evaluate(check, {"wazuh", "log"}, static_cast<std::int64_t>(errors + warnings));
  if (state == State::ok) {
    probe.ok(check, detail);
  } else {
    probe.add(check, state, Cause::reported_error, detail, "read " + log_file);
  }
}

}  // namespace socbridge::health
