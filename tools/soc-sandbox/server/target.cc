// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "soc-sandbox/server/http_server.h"

namespace socbridge::sandbox {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string percent_decode(std::string_view text) {
  constexpr int kHex = 16;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * kHex + low);
    i += 2;
  }
  return repair_utf8(out);
}

void read_target(const std::string& target, Request& out) {
  const std::size_t question = target.find('?');
  out.path = target.substr(0, question);
  if (question != std::string::npos) out.query = target.substr(question + 1);
  for (const std::string_view segment : split(out.path, '/')) {
    if (!segment.empty()) out.segments.push_back(percent_decode(segment));
  }
}

}  // namespace socbridge::sandbox
