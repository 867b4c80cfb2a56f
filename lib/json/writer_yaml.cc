// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstddef>

#include "base/text.h"
#include "base/unprintable.h"
#include "base/utf8.h"
#include "json/duplicate_keys.h"
#include "json/writer.h"

namespace socbridge::json {

// Not libyaml's emitter: it writes bidirectional controls as they are or else escapes all that is
// not ASCII, it changes numbers, and it leaves the words below unquoted.
namespace {

// Words that YAML 1.1 or 1.2 readers parse as null, a boolean or a number.
bool is_reserved_word(std::string_view text) {
  static constexpr std::string_view kWords[] = {"null",  "~",    "true", "false", "yes",  "no",
                                                "on",    "off",  "y",    "n",     ".inf", "-.inf",
                                                "+.inf", ".nan", "=",    "<<",    "---",  "..."};
  for (const std::string_view word : kWords) {
    if (iequals(text, word)) return true;
  }
  return false;
}

// Text that begins like a number or a date, such as 0x1f, 1_000, 12:30:45 and 2025-03-14.
bool looks_numeric(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('.')) text.remove_prefix(1);
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

bool is_plain(std::string_view text) {
  static constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`=~<";
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (kIndicators.find(text.front()) != std::string_view::npos) return false;
  if (is_reserved_word(text) || looks_numeric(text)) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (!c.valid || is_unprintable(c.value)) return false;
    at += c.size;
  }
  return true;
}

// Double quotes with JSON's escapes, which YAML shares except for surrogates: a character above
// U+FFFF is one \UXXXXXXXX.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  const auto run = [&](std::string_view part) {
    const std::string json = quote(part);
    out.append(json, 1, json.size() - 2);
  };
  constexpr std::uint32_t kSupplementary = 0x10000;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (c.valid && c.value >= kSupplementary && is_unprintable(c.value)) {
      run(text.substr(done, at - done));
      out += fmt::format("\\U{:08x}", c.value);
      done = at + c.size;
    }
    at += c.size;
  }
  run(text.substr(done));
  return out + "\"";
}

std::string scalar(Value value) {
  if (const auto text = value.string()) return is_plain(*text) ? std::string(*text) : quoted(*text);
  return value.dump();
}

bool is_block(Value value) { return value.size() != 0; }

void write(std::string& out, Value value, std::size_t indent, bool first_indented);

void write_item(std::string& out, Value value, std::size_t indent) {
  out += "- ";
  if (is_block(value)) {
    write(out, value, indent + 2, true);
  } else {
    out += scalar(value) + "\n";
  }
}

void write_member(std::string& out, std::string_view name, Value value, std::size_t indent) {
  out += (is_plain(name) ? std::string(name) : quoted(name)) + ":";
  if (is_block(value)) {
    out += '\n';
    write(out, value, indent + 2, false);
  } else {
    out += " " + scalar(value) + "\n";
  }
}

// `first_indented`: the cursor is where the first entry begins.
void write(std::string& out, Value value, std::size_t indent, bool first_indented) {
  DuplicateKeyFilter names(value);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.is_object() && !names.is_first(i)) continue;
    if (!first_indented) out.append(indent, ' ');
    first_indented = false;
    if (value.is_object()) {
      write_member(out, value.key_at(i), value.value_at(i), indent);
    } else {
      write_item(out, value.value_at(i), indent);
    }
  }
}

}  // namespace

std::string to_yaml(const Value& value) {
  if (!is_block(value)) return scalar(value) + "\n";
  std::string out;
  write(out, value, 0, false);
  return out;
}

}  // namespace socbridge::json
