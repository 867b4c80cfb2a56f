// SPDX-License-Identifier: Apache-2.0
#include "term/safe_output.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace socbridge::term {
namespace {

constexpr std::array<std::string_view, 10> kOwn = {"\x1b[0m",  "\x1b[1m",  "\x1b[2m",  "\x1b[31m",
                                                   "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[K",
                                                   "\x1b[H",   "\x1b[2J"};

// Length of the permitted control sequence at `at`, or 0.
std::size_t own_control(std::string_view text, std::size_t at) {
  if (text[at] == '\n' || text[at] == '\t' || (text[at] == '\r' && at == 0)) return 1;
  const auto* own = std::find_if(kOwn.begin(), kOwn.end(), [&](std::string_view sequence) {
    return text.substr(at).starts_with(sequence);
  });
  return own == kOwn.end() ? 0 : own->size();
}

}  // namespace

std::string safe_output(std::string_view text) {
  constexpr std::string_view kControls = "\n\t\r\x1b";
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t own = own_control(text, at);
    if (own > 0) {
      out.append(text.substr(at, own));
      at += own;
      continue;
    }
    // At least one byte: no permitted control sequence begins here.
    const std::size_t end = std::min(text.find_first_of(kControls, at + 1), text.size());
    out += printable(text.substr(at, end - at), SIZE_MAX);
    at = end;
  }
  return out;
}

}  // namespace socbridge::term
