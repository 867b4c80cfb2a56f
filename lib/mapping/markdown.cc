#include "mapping/markdown.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::mapping {
namespace {

// What a character becomes that means something to Markdown or HTML, or empty. A bare address must
// not become a link: the colon is what makes it one.
std::string_view escaped(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case ':': return "&#58;";
    case '\\': return "\\\\";
    case '`': return "\\`";
    case '*': return "\\*";
    case '_': return "\\_";
    case '{': return "\\{";
    case '}': return "\\}";
    case '[': return "\\[";
    case ']': return "\\]";
    case '(': return "\\(";
    case ')': return "\\)";
    case '#': return "\\#";
    case '+': return "\\+";
    case '!': return "\\!";
    case '|': return "\\|";
    case '~': return "\\~";
    default: return {};
  }
}

}  // namespace

std::string escape_markdown(std::string_view text, std::size_t max_units) {
  const std::string safe = printable(truncate_utf16(text, max_units), SIZE_MAX);
  std::string out;
  out.reserve(safe.size() + safe.size() / 8);
  std::size_t done = 0;
  for (std::size_t at = 0; at < safe.size(); ++at) {
    const std::string_view instead = escaped(safe[at]);
    if (instead.empty() || (safe[at] == ':' && at == 0)) continue;
    out.append(safe, done, at - done).append(instead);
    done = at + 1;
  }
  out.append(safe, done);
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
