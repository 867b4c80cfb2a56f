// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/markdown.h"

#include <algorithm>
#include <array>

#include "base/swar.h"
#include "base/text.h"

namespace socbridge::mapping {
namespace {

// The escape of a character that is markup in Markdown or HTML, or empty.
constexpr std::string_view escaped(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case ':': return "&#58;";
    case '`': return "&#96;";  // a backslash could escape the end of a code span
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

// Properties of characters.
enum Kind : unsigned char {
  kEscape = 1,   // markup in Markdown or HTML
  kBetween = 2,  // ends a word: not allowed in a code span of a table, or a bracket of a link
  kAt = 4,
  kSlash = 8,
  kDot = 16,
  kColon = 32,
  kLink = kAt | kSlash | kDot | kColon,  // a word without any of these makes no link
  kOdd = 64,                             // possibly not printable
};

constexpr std::array<unsigned char, 256> kinds() {
  std::array<unsigned char, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = static_cast<char>(i);
    unsigned kind = 0;
    if (!escaped(c).empty()) kind |= kEscape;
    if (std::string_view(" \t`|<>&\\\"[]()").find(c) != std::string_view::npos) kind |= kBetween;
    if (c == '@') kind |= kAt;
    if (c == '/') kind |= kSlash;
    if (c == '.') kind |= kDot;
    if (c == ':') kind |= kColon;
    if (i < ' ' || i > '~') kind |= kOdd;
    out[i] = static_cast<unsigned char>(kind);
  }
  return out;
}
constexpr std::array<unsigned char, 256> kKinds = kinds();

unsigned kind_of(char c) { return kKinds[static_cast<unsigned char>(c)]; }

unsigned kinds_of(std::string_view text) {
  unsigned kinds = 0;
#pragma GCC unroll 8
  for (const char c : text) kinds |= kind_of(c);
  return kinds;
}

// Whether a Markdown renderer would turn the word into a link. GitHub's does so with `www.`,
// addresses with a scheme and mail addresses, markdown-it also with `//host` and names with a dot.
// GitHub notifies the user of `@name`.
bool links_itself(std::string_view word, unsigned kinds) {
  constexpr auto kNone = std::string_view::npos;
  if ((kinds & kAt) != 0) return true;
  if ((kinds & kSlash) != 0 && word.find("//") != kNone) return true;
  if ((kinds & kDot) != 0) {
    for (std::size_t dot = word.find('.', 1); dot != kNone; dot = word.find('.', dot + 1)) {
      const bool more = dot + 1 < word.size();
      if (more && letter_or_digit(word[dot - 1]) && letter(word[dot + 1])) return true;
    }
  }
  if ((kinds & kColon) == 0) return false;
  // `mailto:` and `xmpp:` suffice.
  std::size_t letters = 0;
  while (letters < word.size() && letter(word[letters])) ++letters;
  return letters > 1 && letters + 1 < word.size() && word[letters] == ':';
}

bool is_odd(std::string_view text) {
  std::size_t at = swar::skip_run(text, 0, [](std::uint64_t next) {
    return swar::any_above_ascii(next) || swar::any_below(next, ' ') || swar::any_is(next, 0x7F);
  });
  while (at < text.size() && (kind_of(text[at]) & kOdd) == 0) ++at;
  return at < text.size();
}

// The output for a byte: itself or its escape.
struct Written {
  std::array<char, 8> bytes;  // with room after it
  unsigned char size;
};
constexpr std::size_t kLongestEscape = 5;

constexpr std::array<Written, 256> written() {
  std::array<Written, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = static_cast<char>(i);
    const std::string_view text = escaped(c).empty() ? std::string_view(&c, 1) : escaped(c);
    std::copy(text.begin(), text.end(), out[i].bytes.begin());
    out[i].size = static_cast<unsigned char>(text.size());
  }
  return out;
}
constexpr std::array<Written, 256> kWritten = written();

// A text prepared for output: cut, without control characters; and its properties.
class Shown {
 public:
  Shown(std::string_view text, std::size_t max_units) : text_(text) {
    if (text.size() > max_units) text_ = made_ = truncate_utf16(text, max_units);
    kinds_ = kinds_of(text_);
    if ((kinds_ & kOdd) == 0) return;
    made_ = printable(text_, SIZE_MAX);
    text_ = made_;
    kinds_ |= kEscape;  // for its escapes
  }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

  std::string_view text() const { return text_; }
  unsigned kinds() const { return kinds_; }
  // Upper limit of its length in Markdown.
  std::size_t most() const {
    if ((kinds_ & (kEscape | kLink)) == 0) return text_.size();
    return text_.size() * kLongestEscape + sizeof(Written::bytes);
  }

 private:
  std::string made_;
  std::string_view text_;
  unsigned kinds_ = 0;
};

// Reserves space at the end of a text once and releases what is not used, because most additions to
// a description are a few bytes.
class Room {
 public:
  Room(std::string& out, std::size_t most) : out_(out), used_(out.size()) {
    out.resize(used_ + most);
    end_ = out.data() + used_;
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room() { out_.resize(static_cast<std::size_t>(end_ - out_.data())); }

  void add(std::string_view text) { end_ = std::copy(text.begin(), text.end(), end_); }

  // Words that a renderer would turn into links become code spans; the rest is escaped.
  void add(const Shown& shown) {
    const std::string_view text = shown.text();
    const unsigned kinds = shown.kinds();
    if ((kinds & kLink) == 0) return add_part(text, kinds);
    std::size_t begin = 0;  // of the text not yet added
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::size_t from = at;
      unsigned own = 0;  // kinds of the word
      for (; at < text.size(); ++at) {
        const unsigned kind = kind_of(text[at]);
        if ((kind & kBetween) != 0) break;
        own |= kind;
      }
      const std::string_view word = text.substr(from, at - from);
      if ((own & kLink) == 0 || !links_itself(word, own)) continue;
      add_part(text.substr(begin, from - begin), kinds);
      add("`");
      add(word);
      add("`");
      begin = at;
    }
    add_part(text.substr(begin), kinds);
  }

 private:
  void add_part(std::string_view text, unsigned kinds) {
    if ((kinds & kEscape) == 0) return add(text);
    // Copies all 8 bytes of an entry; the next entry overwrites the unused ones. This avoids a
    // branch per byte, which would be unpredictable.
    char* end = end_;
    for (const char c : text) {
      const Written& one = kWritten[static_cast<unsigned char>(c)];
      std::copy(one.bytes.begin(), one.bytes.end(), end);
      end += one.size;
    }
    end_ = end;
  }

  std::string& out_;
  std::size_t used_;
  char* end_;
};

// `most` is the upper limit of the name's length.
template <typename Name>
void row(std::string& out, const Name& name, std::size_t most, const Shown& value) {
  constexpr std::string_view kBegin = "| ", kBetween = " | ", kEnd = " |\n";
  Room room(out, kBegin.size() + most + kBetween.size() + value.most() + kEnd.size());
  room.add(kBegin);
  room.add(name);
  room.add(kBetween);
  room.add(value);
  room.add(kEnd);
}

// A fence longer than any run of backticks in the text.
std::string fence_of(std::string_view text) {
  constexpr std::size_t kUsual = 3;
  std::size_t longest = 0;
  for (std::size_t at = text.find('`'); at != std::string_view::npos; at = text.find('`', at)) {
    const std::size_t end = std::min(text.find_first_not_of('`', at), text.size());
    longest = std::max(longest, end - at);
    at = end;
  }
  return std::string(std::max(kUsual, longest + 1), '`');
}

}  // namespace

void append_printable(std::string& out, std::string_view text) {
  if (is_odd(text)) {
    out += printable(text, SIZE_MAX);
  } else {
    out += text;
  }
}

void append_markdown(std::string& out, std::string_view text, std::size_t max_units) {
  const Shown shown(text, max_units);
  Room(out, shown.most()).add(shown);
}

void append_row(std::string& out, std::string_view name, std::string_view value,
                std::size_t max_units) {
  row(out, name, name.size(), Shown(value, max_units));
}

void append_text_row(std::string& out, std::string_view name, std::string_view value,
                     std::size_t max_units) {
  const Shown shown_name(name, max_units);
  row(out, shown_name, shown_name.most(), Shown(value, max_units));
}

std::string escape_markdown(std::string_view text, std::size_t max_units) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  append_markdown(out, text, max_units);
  return out;
}

void append_fenced(std::string& out, std::string_view text, std::size_t max_units,
                   std::string_view language) {
  std::string cut;
  if (text.size() > max_units) text = cut = truncate_utf16(text, max_units);
  const std::string fence = fence_of(text);
  out.append(fence).append(language).append("\n");
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append_printable(out, line);
    out += '\n';
    at = end + 1;
  }
  out.append(fence).append("\n");
}

}  // namespace socbridge::mapping
