// SPDX-License-Identifier: Apache-2.0
#include "json/node.h"
#include "json/quote.h"
#include "json/writer.h"

namespace socbridge::json {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The offset after the closing quote of the string literal that begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

void break_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

}  // namespace

std::string pretty(std::string_view compact) {
  ParseOptions options;
  options.max_depth = kDeepest;
  if (!Document::parse(compact, options).ok()) return escape_unprintable(compact);
  if (compact.starts_with("\xEF\xBB\xBF")) compact.remove_prefix(3);
  std::string out;
  out.reserve(compact.size() * 2);
  std::size_t depth = 0;
  bool opened = false;  // after an opening bracket: an empty container stays on one line
  for (std::size_t at = 0; at < compact.size();) {
    const char c = compact[at];
    if (blank(c)) {
      ++at;
      continue;
    }
    const bool closes = c == '}' || c == ']';
    if (closes) --depth;
    if (opened != closes) break_line(out, depth);
    opened = false;
    if (c == '"') {
      const std::size_t end = string_end(compact, at);
      out += escape_unprintable(compact.substr(at, end - at));
      at = end;
      continue;
    }
    ++at;
    out += c;
    if (c == ':') out += ' ';
    if (c == '{' || c == '[') {
      ++depth;
      opened = true;
    }
    if (c == ',') break_line(out, depth);
  }
  return out;
}

}  // namespace socbridge::json
