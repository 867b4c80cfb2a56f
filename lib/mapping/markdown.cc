// SPDX-License-Identifier: Apache-2.0
#include "mapping/markdown.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::mapping {
namespace {

// What a character becomes that means something to Markdown or HTML, or empty.
std::string_view escaped(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case ':': return "&#58;";
    case '`': return "&#96;";  // a backslash before it could meet a code span behind it
    case '\\': return "\\\\";
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

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool letter_or_digit(char c) { return letter(c) || (c >= '0' && c <= '9'); }

// Whether some reader of Markdown makes a link of it by itself: GitHub's does of `www.`, of
// addresses with a scheme and of mail addresses, markdown-it also of `//host` and of names with a
// dot; GitHub notifies the user of `@name`.
bool links_itself(std::string_view word) {
  if (word.find("//") != std::string_view::npos) return true;
  if (word.find('@') != std::string_view::npos) return true;
  for (std::size_t dot = word.find('.'); dot != std::string_view::npos;
       dot = word.find('.', dot + 1)) {
    if (dot > 0 && dot + 1 < word.size() && letter_or_digit(word[dot - 1]) &&
        letter(word[dot + 1])) {
      return true;
    }
  }
  // `mailto:` and `xmpp:` need no more.
  const std::size_t colon = word.find(':');
  return colon != std::string_view::npos && colon > 1 && colon + 1 < word.size() &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(colon), letter);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    const std::string_view instead = escaped(c);
    if (instead.empty()) {
      out += c;
    } else {
      out += instead;
    }
  }
}

}  // namespace

std::string escape_markdown(std::string_view text, std::size_t max_units) {
  // What ends a word: what may not stand in a code span of a table, and the brackets of a link.
  constexpr std::string_view kBetween = " \t`|<>&\\\"[]()";
  const std::string safe = printable(truncate_utf16(text, max_units), SIZE_MAX);
  std::string out;
  out.reserve(safe.size() + safe.size() / 8);
  for (std::size_t at = 0; at < safe.size();) {
    const std::size_t end = std::min(safe.find_first_of(kBetween, at), safe.size());
    const std::string_view word = std::string_view(safe).substr(at, end - at);
    if (links_itself(word)) {
      out.append("`").append(word).append("`");
    } else {
      append_escaped(out, word);
    }
    if (end < safe.size()) append_escaped(out, std::string_view(safe).substr(end, 1));
    at = end + 1;
  }
  return out;
}

std::string fenced(std::string_view text, std::size_t max_units, std::string_view language) {
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
  return fence + std::string(language) + "\n" + body + fence + "\n";
}

}  // namespace socbridge::mapping
