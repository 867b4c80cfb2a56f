// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge::term {

// Properties of the output.
struct Terminal {
  bool tty = false;
  bool color = false;  // tty, TERM is not "dumb" and NO_COLOR is not set (https://no-color.org)
  int width = 80;      // columns; COLUMNS takes precedence over the kernel's value
  bool dumb = false;   // TERM is "dumb": no cursor movement either
};

Terminal detect(int fd);

enum class Style { none, bold, dim, red, green, yellow, blue };

// The text with the escape sequences of the style, or unchanged if `color` is false.
std::string paint(std::string_view text, Style style, bool color);

// How records are printed. `automatic`: table on a terminal, plain in a pipe.
enum class Format { automatic, table, plain, json, jsonl, yaml };

// "table", "plain", "json", "jsonl", "yaml"; any other text is a usage error with the nearest name.
Result<Format> parse_format(std::string_view text);

// Columns that a text takes on a terminal: wide characters count 2, combining characters 0.
std::size_t display_width(std::string_view utf8);

}  // namespace socbridge::term
