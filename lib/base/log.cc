// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include "base/text.h"
#include "base/time.h"

namespace socbridge {

Status append_log_line(Env& env, const std::string& path, std::string_view program,
                       std::string_view level, std::string_view text) {
  constexpr mode_t kMode = 0640;  // the mode that Wazuh uses
  constexpr std::size_t kMaxChars = 2000;
  auto fd = env.open_append(path, kMode);
  if (!fd.ok()) return fd.status();
  std::string line = format_utc(wall_now_ms());
  line.append(" ").append(program).append(" ").append(level).append(": ");
  line += printable(text, kMaxChars);
  line += '\n';
  return env.write_once(fd->get(), line);
}

}  // namespace socbridge
