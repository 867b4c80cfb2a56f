// SPDX-License-Identifier: Apache-2.0
#include "metrics/kept_state.h"

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "base/trusted_path.h"

namespace socbridge::metrics {
namespace {

constexpr std::string_view kMark = "\n# state of socctl metrics write: ";
constexpr std::size_t kMostBytes = std::size_t{4} << 20;

}  // namespace

std::string with_state(std::string metrics, std::string_view state) {
  return std::move(metrics).append(kMark.substr(1)).append(state) + "\n";
}

Result<std::string> read_state(Env& env, const std::string& file) {
  const auto fd = open_trusted(file, Trust::of_process(), PathKind::file);
  if (!fd.ok()) {
    if (fd.status().sys_errno() == ENOENT) return std::string();
    return fd.status();
  }
  const auto text = env.read_all(fd->get(), kMostBytes);
  if (!text.ok()) return text.status();
  const std::size_t at = text->rfind(kMark);
  if (at == std::string::npos) return std::string();
  return std::string(trim(std::string_view(*text).substr(at + kMark.size())));
}

}  // namespace socbridge::metrics
