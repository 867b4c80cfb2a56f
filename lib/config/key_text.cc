// SPDX-License-Identifier: Apache-2.0
#include "config/key_text.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // editors on Windows write it

}  // namespace

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

Result<Secret> key_in(std::string_view text, const std::string& name) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  line = trim(line);
  if (line.empty()) {
    return Status::error(ExitCode::usage, name + " is empty", "write the key as its first line");
  }
  if (has_control(line)) {
    return Status::error(ExitCode::usage, name + " holds control characters");
  }
  return Secret(std::string(line));
}

}  // namespace socbridge::config
