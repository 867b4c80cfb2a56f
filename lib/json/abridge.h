// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "json/repair.h"
#include "json/value.h"

namespace socbridge::json {

// Limits of an abridged text. The defaults accept everything that fits into the 64 KiB that
// integratord passes.
struct Bounds {
  // Levels of nesting; a container below becomes a string.
  std::size_t depth = 512;
  // Values in one member of the root object, or of an object directly in it.
  std::size_t values = 65536;
  // Values in the complete text; members of the first two levels may go beyond.
  std::size_t all_values = 262144;
  // Members of the root object, and of each object directly in it.
  std::size_t members = 65536;
  // Bytes of one string, or of one number as spelled.
  std::size_t string = std::size_t{1} << 20;
  // Size of the result, in bytes, from which on strings are cut to 256 bytes.
  std::size_t all_strings = std::size_t{8} << 20;
  // Bytes of a container's text that a string keeps.
  std::size_t part = std::size_t{16} << 10;
};

// The same JSON within the bounds, for text that is too large or too deep to be parsed.
// - A container below `depth` becomes a string that holds its JSON text, cut to `part` bytes. So do
// containers that begin where a bound on values is reached.
// - Elements and members that no longer fit are left out. A last element "…", or a member of that
// name, marks the omission.
// - Longer strings are cut and end in `…`.
// One pass, no recursion. The result is at most twice as long as the text. Text that is not JSON
// stays unchanged. Thread-safe.
Repaired abridge(std::string_view text, const Bounds& bounds);

// Document::parse for a text that must stay complete, such as a list of alerts: only containers
// that are nested too deeply become text. Errors as Document::parse.
Result<Document> parse_deep(std::string_view text);

}  // namespace socbridge::json
