// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "json/repair.h"
#include "json/value.h"

namespace socbridge::json {

// What an abridged text may hold. The defaults take whatever fits into the 64 KiB that integratord
// gives.
struct Bounds {
  // Levels; a container below becomes a string.
  std::size_t depth = 512;
  // In one member of the root object, or of an object directly in it.
  std::size_t values = 65536;
  // In the whole text; members of the first two levels may go beyond.
  std::size_t all_values = 262144;
  // Of the root object, and of each object directly in it.
  std::size_t members = 65536;
  // Bytes of one string or number as it is spelled.
  std::size_t string = std::size_t{1} << 20;
  // Bytes of the result from which on strings are cut to 256 bytes.
  std::size_t all_strings = std::size_t{8} << 20;
  // Bytes of a container's text that is carried as a string.
  std::size_t part = std::size_t{16} << 10;
};

// The same JSON within the bounds, for text that is too large or too deep to be read as it is.
//   - A container below `depth` becomes a string that holds its JSON text, cut to `part` bytes. So
//     do containers that begin where a bound on values is reached.
//   - Elements and members that do not fit any more are left out. A last element "…", or a member
//     of that name, says so.
//   - Longer strings are cut and end in `…`.
// One pass, no recursion. The result is at most twice as long as the text. What is not JSON stays
// as it is. Thread-safe.
Repaired abridge(std::string_view text, const Bounds& bounds);

// Document::parse of a text of which nothing may be left out, such as a list of alerts: only what
// is nested too deeply becomes text. Errors as those of Document::parse.
Result<Document> parse_deep(std::string_view text);

}  // namespace socbridge::json
