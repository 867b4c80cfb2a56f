// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge {

// Replaces each invalid UTF-8 sequence (also overlong forms, surrogates and values above U+10FFFF)
// by U+FFFD. Valid text comes back unchanged and costs one pass.
std::string repair_utf8(std::string_view bytes);
bool is_valid_utf8(std::string_view bytes);

// Number of UTF-16 code units of valid UTF-8 text: TheHive's limits are counted on the JVM.
std::size_t utf16_length(std::string_view text);

// Cuts valid UTF-8 text to at most `units` UTF-16 units, never inside a character. A cut text ends
// in `…` (counted) if units >= 1.
std::string truncate_utf16(std::string_view text, std::size_t units);

// For terminals, logs and error lines: control characters (C0, C1, DEL), line breaks, bidi and
// zero-width controls become escapes such as `\u{XX}`, invalid UTF-8 becomes U+FFFD. Cut to
// `max_chars` characters.
std::string printable(std::string_view bytes, std::size_t max_chars = 200);

std::string_view trim(std::string_view text);  // ASCII blanks, tabs, CR, LF
std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);
std::string quoted(std::string_view text);  // for messages: printable, at most 60 characters, in "
bool iequals(std::string_view a, std::string_view b);  // ASCII only
bool istarts_with(std::string_view text, std::string_view prefix);
std::vector<std::string_view> split(std::string_view text, char separator);

// Shell-like pattern for the complete text: `*` any characters, `?` one byte, other characters
// literal; ASCII case is ignored. Takes at most pattern times text steps, because an attacker may
// choose the text.
bool glob_matches(std::string_view pattern, std::string_view text);

inline constexpr std::string_view kHexDigits = "0123456789abcdef";
std::string to_hex(std::string_view bytes);  // two digits for each byte

// The complete text as a decimal number without sign or blanks; empty on overflow.
std::optional<std::uint64_t> parse_u64(std::string_view text);

// The candidate nearest to `word` (edit distance at most a third of its length, or 1), or empty.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace socbridge
