// SPDX-License-Identifier: Apache-2.0
#include "json/raw.h"

#include "base/swar.h"

namespace socbridge::json {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool opens(char c) { return c == '{' || c == '['; }
bool closes(char c) { return c == '}' || c == ']'; }

// The offset after the bracket that closes the container at `at`.
std::size_t skip_container(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      if (at == kNone) return kNone;
      continue;
    }
    ++at;
    if (opens(c)) ++depth;
    if (closes(c) && --depth == 0) return at;
  }
  return kNone;
}

}  // namespace

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  const std::size_t found = text.find_first_not_of(" \t\r\n", at);
  return found == kNone ? text.size() : found;
}

std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size();) {
    at = swar::skip_run(text, at, [](std::uint64_t next) {
      return swar::any_is(next, '"') || swar::any_is(next, '\\');
    });
    for (; at < text.size() && text[at] != '"' && text[at] != '\\';) ++at;
    if (at >= text.size()) break;
    if (text[at] == '"') return at + 1;
    at += 2;
  }
  return kNone;
}

std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at >= text.size()) return kNone;
  if (text[at] == '"') return skip_string(text, at);
  if (opens(text[at])) return skip_container(text, at);
  const std::size_t end = text.find_first_of(" \t\r\n,:]}\"[{", at);
  if (end == at) return kNone;
  return end == kNone ? text.size() : end;
}

bool for_each_element(std::string_view text, std::size_t at,
                      const std::function<void(std::string_view element)>& use) {
  if (at >= text.size() || text[at] != '[') return false;
  at = skip_blanks(text, at + 1);
  if (at < text.size() && text[at] == ']') return true;
  while (at < text.size()) {
    const std::size_t end = skip_value(text, at);
    if (end == kNone) return false;
    use(text.substr(at, end - at));
    at = skip_blanks(text, end);
    if (at >= text.size() || text[at] != ',') return at < text.size() && text[at] == ']';
    at = skip_blanks(text, at + 1);
  }
  return false;
}

std::size_t find_member(std::string_view text, std::size_t at, std::string_view name) {
  if (at >= text.size() || text[at] != '{') return kNone;
  at = skip_blanks(text, at + 1);
  while (at < text.size() && text[at] == '"') {
    const std::size_t end = skip_string(text, at);
    if (end == kNone) return kNone;
    const bool found = text.substr(at + 1, end - at - 2) == name;
    at = skip_blanks(text, end);
    if (at >= text.size() || text[at] != ':') return kNone;
    at = skip_blanks(text, at + 1);
    if (found) return at < text.size() ? at : kNone;
    at = skip_value(text, at);
    if (at == kNone) return kNone;
    at = skip_blanks(text, at);
    if (at >= text.size() || text[at] != ',') return kNone;
    at = skip_blanks(text, at + 1);
  }
  return kNone;
}

}  // namespace socbridge::json
