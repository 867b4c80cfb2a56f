// SPDX-License-Identifier: Apache-2.0
#include "term/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <cstdlib>

#include "base/text.h"

namespace socbridge::term {
namespace {

int columns(int fd) {
  constexpr int kDefault = 80;
  constexpr std::uint64_t kWidest = 10000;
  if (const char* env = std::getenv("COLUMNS")) {  // NOLINT(concurrency-mt-unsafe)
    const auto value = parse_u64(env);
    if (value && *value > 0 && *value < kWidest) return static_cast<int>(*value);
  }
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kDefault;
}

const char* sequence(Style style) {
  switch (style) {
    case Style::none: return "";
    case Style::bold: return "\x1b[1m";
    case Style::dim: return "\x1b[2m";
    case Style::red: return "\x1b[31m";
    case Style::green: return "\x1b[32m";
    case Style::yellow: return "\x1b[33m";
    case Style::blue: return "\x1b[34m";
  }
  return "";
}

}  // namespace

Terminal detect(int fd) {
  Terminal t;
  t.tty = isatty(fd) == 1;
  t.width = columns(fd);
  const char* no_color = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
  const char* type = std::getenv("TERM");          // NOLINT(concurrency-mt-unsafe)
  t.dumb = type != nullptr && std::string_view(type) == "dumb";
  t.color = t.tty && !t.dumb && (no_color == nullptr || *no_color == '\0');
  return t;
}

std::string paint(std::string_view text, Style style, bool color) {
  if (!color || style == Style::none) return std::string(text);
  return std::string(sequence(style)).append(text).append("\x1b[0m");
}

Result<Format> parse_format(std::string_view text) {
  if (text == "table") return Format::table;
  if (text == "plain") return Format::plain;
  if (text == "json") return Format::json;
  if (text == "jsonl") return Format::jsonl;
  if (text == "yaml") return Format::yaml;
  const std::string_view near = nearest(text, {"table", "plain", "json", "jsonl", "yaml"});
  std::string hint = near.empty() ? "use table, plain, json, jsonl or yaml"
                                  : "did you mean \"" + std::string(near) + "\"?";
  return Status::error(ExitCode::usage, "unknown output format \"" + printable(text, 40) + "\"",
                       std::move(hint));
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  const auto* p = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
  auto left = static_cast<utf8proc_ssize_t>(utf8.size());
  while (left > 0) {
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t step = utf8proc_iterate(p, left, &code);
    if (step <= 0) {  // not UTF-8: count the byte as one column
      step = 1;
      ++width;
    } else {
      const int w = utf8proc_charwidth(code);
      width += w > 0 ? static_cast<std::size_t>(w) : 0;
    }
    p += step;
    left -= step;
  }
  return width;
}

}  // namespace socbridge::term
