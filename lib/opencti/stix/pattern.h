// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace socbridge::opencti {

// One comparison of a STIX pattern: `file:hashes.'SHA-256' = 'ab…'`.
struct Comparison {
  std::string type;      // `file`, lower case
  std::string path;      // `hashes.SHA-256`: steps joined by points, without quotes
  std::string op;        // `=`, `!=`, `<`, `IN`, `LIKE`, `MATCHES`, `ISSUBSET`, … in upper case
  bool negated = false;  // under a NOT, or `!=`
  bool alone = true;     // this comparison by itself makes the pattern true
  std::vector<std::string> values;  // unescaped; numbers and booleans as written
};

// A parsed STIX pattern with all of its comparisons, in order.
struct Pattern {
  std::vector<Comparison> comparisons;
  bool qualified = false;  // WITHIN, REPEATS or START/STOP: needs several sightings or a time
};

// Reads a STIX 2.1 pattern (docs/protocols/opencti.md, "STIX patterns"): observations in brackets
// joined by AND, OR and FOLLOWEDBY, comparisons joined by AND and OR, parentheses, NOT, lists,
// escapes, comments, qualifiers. Errors are bad_input: "column 12: expected …". Nesting is bounded
// by 64.
Result<Pattern> parse_pattern(std::string_view text);

// A text between quotes as patterns write it: `\` and `'` escaped.
std::string escape_literal(std::string_view value);

}  // namespace socbridge::opencti
