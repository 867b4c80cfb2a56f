#include "mapping/markdown.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::mapping {

std::string escape_markdown(std::string_view text, std::size_t max_units) {
  const std::string safe = printable(truncate_utf16(text, max_units), SIZE_MAX);
  std::string out;
  out.reserve(safe.size() + safe.size() / 8);
  for (const char c : safe) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      if (std::string_view("\\`*_{}[]()#+!|~").find(c) != std::string_view::npos) out += '\\';
      out += c;
      // A bare address must not become a link: the colon is what makes it one.
      if (c == ':' && out.size() > 1) out.replace(out.size() - 1, 1, "&#58;");
    }
  }
  return out;
}

std::string fenced(std::string_view text, std::size_t max_units) {
  const std::string cut = truncate_utf16(text, max_units);
  std::string body;
  for (const std::string_view line : split(cut, '\n')) {
    body += printable(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line, SIZE_MAX);
    body += '\n';
  }
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : body) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  constexpr std::size_t kUsual = 3;
  const std::string fence(std::max(kUsual, longest + 1), '`');
  return fence + "\n" + body + fence + "\n";
}

}  // namespace socbridge::mapping
