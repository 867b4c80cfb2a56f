// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/unprintable.h"
#include "base/utf8.h"

namespace socbridge {

// A path or other text for a command in a message that a person may copy: one printable shell word
// that stands for exactly these bytes. Plain, in '…', or in $'…' (bash, ksh, zsh) if it has
// characters that must not reach a terminal; those become `
// `, `\t` or `\xHH`.
inline std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.,:@%+=-";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted, escaped;
  bool is_printable = true;
  for (std::size_t at = 0, size = 0; at < text.size(); at += size) {
    const CodePoint c = decode_utf8(text, at);
    size = c.size;
    const std::string_view bytes = text.substr(at, size);
    const char first = bytes.front();
    quoted += first == '\'' ? std::string_view("'\\''") : bytes;
    if (c.valid && !is_unprintable(c.value)) {
      if (first == '\'' || first == '\\') escaped += '\\';
      escaped += bytes;
      continue;
    }
    is_printable = false;
    if (first == '\n' || first == '\t') {
      escaped += first == '\n' ? "\\n" : "\\t";
    } else {
      for (const char byte : bytes) escaped.append("\\x").append(to_hex({&byte, 1}));
    }
  }
  return is_printable ? "'" + quoted + "'" : "$'" + escaped + "'";
}

}  // namespace socbridge
