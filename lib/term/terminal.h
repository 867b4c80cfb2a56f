// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge::term {

// What is known of the place output goes to.
struct Terminal {
  bool tty = false;
  bool color = false;  // tty, TERM is not "dumb" and NO_COLOR is not set (https://no-color.org)
  int width = 80;      // columns; COLUMNS wins over the kernel's answer
  bool dumb = false;   // TERM is "dumb": no cursor movement either
};

Terminal detect(int fd);

enum class Style { none, bold, dim, red, green, yellow, blue };

// Text with the escape sequences of the style, or unchanged without colour.
std::string paint(std::string_view text, Style style, bool color);

// How records are printed. `automatic` is table on a terminal, plain in a pipe.
enum class Format { automatic, table, plain, json, jsonl, yaml };

// "table", "plain", "json", "jsonl", "yaml"; others are a usage error with the nearest name.
Result<Format> parse_format(std::string_view text);

// Columns that text takes on a terminal: wide characters count two, combining ones none.
std::size_t display_width(std::string_view utf8);

}  // namespace socbridge::term
