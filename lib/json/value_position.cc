// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/document_impl.h"
#include "json/locator.h"

namespace socbridge::json {
namespace {

// One reference token of a pointer, unescaped.
std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size()) {
      out += step[++i] == '1' ? '/' : '~';
    } else {
      out += step[i];
    }
  }
  return out;
}

// Position in the original of a text that was decoded at `data`: its quote, or the first digit of a
// number.
std::size_t original_start(const Document::Impl& impl, const Node& node) {
  const auto decoded =
      static_cast<std::size_t>(static_cast<const char*>(node.data) - impl.buffer.data());
  const std::size_t quote = node.type == Type::string ? 1 : 0;
  return impl.shifts.original_offset(decoded - quote);
}

unsigned hex4(std::string_view digits) {
  unsigned out = 0;
  for (const char c : digits) {
    const char low = static_cast<char>(c | 0x20);
    out = out * 16U + static_cast<unsigned>(c <= '9' ? c - '0' : low - 'a' + 10);
  }
  return out;
}

// Skips one character of a string literal; returns the number of bytes it decodes to.
std::size_t step_over(std::string_view text, std::size_t& at) {
  constexpr std::size_t kUnicodeEscape = 6;
  if (text[at] != '\\' || at + 1 >= text.size()) {
    ++at;
    return 1;
  }
  if (text[at + 1] != 'u' || at + kUnicodeEscape > text.size()) {
    at += 2;
    return 1;
  }
  const unsigned code = hex4(text.substr(at + 2, 4));
  at += kUnicodeEscape;
  if (code < 0x80U) return 1;
  if (code < 0x800U) return 2;
  const bool high = code >= 0xD800U && code < 0xDC00U;
  if (high && at + kUnicodeEscape <= text.size() && text.substr(at, 2) == "\\u") {
    const unsigned low = hex4(text.substr(at + 2, 4));
    if (low >= 0xDC00U && low < 0xE000U) {
      at += kUnicodeEscape;
      return 4;
    }
  }
  return 3;  // an unpaired surrogate becomes U+FFFD
}

std::string as_text(std::string_view text, std::size_t offset) {
  const Position at = position_of(text, offset);
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

}  // namespace

Locator::Locator(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  auto impl = std::make_unique<Document::Impl>();
  if (impl->parse(text_, ParseOptions::configuration()).ok()) impl_ = std::move(impl);
}

Locator::Locator(Locator&&) noexcept = default;
Locator& Locator::operator=(Locator&&) noexcept = default;
Locator::~Locator() = default;

std::string Locator::member(std::string_view dotted, std::size_t occurrence) const {
  const Node* key = impl_ ? find_key(impl_->root, dotted, occurrence) : nullptr;
  return key == nullptr ? std::string() : as_text(text_, original_start(*impl_, *key));
}

std::string Locator::value(std::string_view pointer, std::size_t offset,
                           std::size_t occurrence) const {
  if (!impl_) return {};
  const Node* value = &impl_->root;
  const Node* named = nullptr;  // the last node on the path that has a position of its own
  bool whole = true;
  while (whole && !pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string step = unescaped(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
    whole = false;
    if (value->type == Type::array) {
      const auto index = parse_u64(step);
      whole = index && *index < value->size;
      if (whole) value = &value->children()[*index];
      // An object in an array is located by its first name.
      if (whole && value->type == Type::object && value->size > 0) named = &value->key(0);
    } else if (value->type == Type::object) {
      for (std::size_t i = 0; i < value->size && !whole; ++i) {
        if (value->key(i).text() != step || (pointer.empty() && occurrence-- > 0)) continue;
        named = &value->key(i);
        value = &value->member(i);
        whole = true;
      }
    }
  }
  const bool has_place = value->type == Type::string || value->type == Type::number;
  if (whole && has_place && offset != kItsName) named = value;
  if (named == nullptr) return {};
  std::size_t at = original_start(*impl_, *named);
  if (whole && value->type == Type::string && offset < kItsName) {
    ++at;
    for (std::size_t decoded = 0; decoded < offset && at < text_.size();) {
      decoded += step_over(text_, at);
    }
  }
  return as_text(text_, at);
}

std::string locate(std::string_view text, std::string_view dotted, std::size_t occurrence) {
  return Locator(text).member(dotted, occurrence);
}

std::string locate_value(std::string_view text, std::string_view pointer, std::size_t offset,
                         std::size_t occurrence) {
  return Locator(text).value(pointer, offset, occurrence);
}

}  // namespace socbridge::json
