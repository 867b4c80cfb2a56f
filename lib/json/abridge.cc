// SPDX-License-Identifier: Apache-2.0
#include "json/abridge.h"

#include <algorithm>

#include "json/quote.h"
#include "json/raw.h"

namespace socbridge::json {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kShort = 256;  // bytes of a string when the result has no more room
constexpr std::size_t kShallow = 2;  // the root object, or an indexer's document around it
constexpr std::string_view kCut = "…";

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// At most `most` bytes of raw text that end with a whole character; text that is not UTF-8 may be
// cut anywhere.
std::string_view whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  constexpr std::size_t kMostContinued = 3;
  std::size_t end = most;
  while (end > 0 && most - end < kMostContinued && continues(text[end])) --end;
  const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0U) == 0xC0U;
  return text.substr(0, starts ? end : most);
}

// The same for the inside of a string literal: neither an escape nor a surrogate pair is cut.
std::string_view whole_escapes(std::string_view literal, std::size_t most) {
  if (literal.size() <= most) return literal;
  constexpr std::size_t kPair = 12;  // bytes of \uXXXX\uXXXX
  std::size_t end = most > kPair ? most - kPair : 0;
  // After an even number of backslashes nothing is escaped.
  std::size_t slashes = 0;
  while (slashes < end && literal[end - 1 - slashes] == '\\') ++slashes;
  if (slashes % 2 == 1) --end;
  // A four-digit escape may have begun earlier.
  const std::size_t from = end > kPair ? end - kPair : 0;
  if (const std::size_t escape = literal.substr(from, end - from).find("\\u"); escape != kNone) {
    end = from + escape;
    slashes = 0;
    while (slashes < end && literal[end - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 1) --end;
  }
  return whole_characters(literal, end);
}

class Abridger {
 public:
  Abridger(std::string_view text, const Bounds& bounds) : text_(text), bounds_(bounds) {}

  Repaired run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      switch (c) {
        case ' ':
        case '\t':
        case '\r':
        case '\n': blanks(); break;
        case '"': string(); break;
        case '{':
        case '[': open(); break;
        case '}':
        case ']':
          if (depth_ > 0) --depth_;
          copy(1);
          break;
        case ',': next(); break;
        case ':': copy(1); break;
        default: scalar(); break;
      }
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t size) {
    out_.text.append(text_.substr(at_, size));
    at_ += size;
  }
  // Continues at `at`, and records the position for the way back to the original text.
  void go_on(std::size_t at) {
    at_ = at;
    out_.shifts.push_back({out_.text.size(), at_});
  }
  void blanks() {
    constexpr std::size_t kFew = 64;
    const std::size_t end = skip_blanks(text_, at_);
    if (end - at_ <= kFew) {
      copy(end - at_);
    } else {
      go_on(end);
    }
  }
  std::size_t room() const {
    return out_.text.size() < bounds_.all_strings ? bounds_.string
                                                  : std::min(kShort, bounds_.string);
  }
  bool full() const { return below_ >= bounds_.values || all_ >= bounds_.all_values; }
  void count() {
    ++below_;
    ++all_;
  }

  void string() {
    count();
    const std::size_t end = std::min(skip_string(text_, at_), text_.size());
    const std::string_view literal = text_.substr(at_, end - at_);
    if (literal.size() <= room() + 2 || literal.size() < 2) {
      copy(literal.size());
      return;
    }
    out_.text.append(1, '"')
        .append(whole_escapes(literal.substr(1, literal.size() - 2), room()))
        .append(kCut)
        .append(1, '"');
    go_on(end);
  }
  void scalar() {
    count();
    const std::size_t found = skip_value(text_, at_);
    const std::size_t end = found == kNone ? at_ + 1 : found;
    if (end - at_ <= room()) {
      copy(end - at_);
      return;
    }
    as_string(text_.substr(at_, end - at_), room());
    go_on(end);
  }
  void open() {
    count();
    if (depth_ < bounds_.depth && (depth_ < kShallow || !full())) {
      ++depth_;
      copy(1);
      return;
    }
    const std::size_t found = skip_value(text_, at_);
    const std::size_t end = found == kNone ? text_.size() : found;
    as_string(text_.substr(at_, end - at_), full() ? std::min(kShort, bounds_.part) : bounds_.part);
    go_on(end);
  }
  void as_string(std::string_view part, std::size_t most) {
    std::string_view shown = whole_characters(part, most);
    std::string quoted;
    append_quoted(quoted, shown);
    if (quoted.size() > 2 * part.size() + 2) {  // control characters, six bytes each
      constexpr std::size_t kShare = 3;
      shown = whole_characters(part, part.size() / kShare);
      quoted.clear();
      append_quoted(quoted, shown);
    }
    if (shown.size() < part.size()) quoted.insert(quoted.size() - 1, kCut);
    out_.text += quoted;
  }
  // After an element or member: the next one, or the end of what fits.
  void next() {
    if (depth_ < kShallow) {
      below_ = members_ = 0;
      if (++root_members_ < bounds_.members) return copy(1);
    } else if (depth_ == kShallow) {
      below_ = 0;
      if (++members_ < bounds_.members && all_ < 2 * bounds_.all_values) return copy(1);
    } else if (!full()) {
      return copy(1);
    }
    // Skip to the bracket that closes the container of this comma.
    std::size_t at = at_ + 1;
    while (at < text_.size() && text_[at] != '}' && text_[at] != ']') {
      const char c = text_[at];
      const bool between = c == ',' || c == ':' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
      const std::size_t end = between ? at + 1 : skip_value(text_, at);
      at = end == kNone ? text_.size() : end;
    }
    if (at < text_.size()) out_.text += text_[at] == ']' ? ",\"…\"" : ",\"…\":null";
    go_on(at);
  }

  std::string_view text_;
  Bounds bounds_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;                       // open containers
  std::size_t below_ = 0;                       // values since the last comma on both levels
  std::size_t all_ = 0;                         // values
  std::size_t root_members_ = 0, members_ = 0;  // commas on the first and the second level
  Repaired out_;
};

}  // namespace

Result<Document> parse_deep(std::string_view text) {
  auto document = Document::parse(text);
  if (document.ok()) return document;
  Bounds bounds;
  bounds.values = bounds.all_values = bounds.members = bounds.string = bounds.all_strings =
      SIZE_MAX / 4;
  const Repaired shorter = abridge(text, bounds);
  if (shorter.shifts.empty()) return document;
  auto again = Document::parse(shorter.text);
  return again.ok() ? std::move(again) : std::move(document);
}

Repaired abridge(std::string_view text, const Bounds& bounds) {
  return Abridger(text, bounds).run();
}

}  // namespace socbridge::json
