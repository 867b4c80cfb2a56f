// SPDX-License-Identifier: Apache-2.0
// A regular expression and a text, one line each: error positions are within the expression, and
// equivalent expressions find the same.
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/regex.h"
#include "rules/regex_parser.h"
#include "scratch.h"

namespace {

using namespace socbridge;
using rules::Regex;

// Compares `regex` with another way to write it, unless that is too large.
void same(const Regex& regex, const std::string& pattern, std::string_view text) {
  rules::Faults faults;
  const Regex other = Regex::read(pattern, faults);
  if (faults.none()) fuzz::require(regex.found_in(text) == other.found_in(text));
}

// Flags in the middle apply up to the end of their group.
void check(const Regex& regex, const std::string& pattern, std::string_view text) {
  const bool found = regex.found_in(text);
  fuzz::require(found == regex.found_in(text));
  same(regex, "(?:" + pattern + ")", text);
  same(regex, "(" + pattern + "){1,2}", text);
  same(regex, "(?s).*(?-s)(?:" + pattern + ")", text);
  same(regex, "(?:" + pattern + ")(?s).*\\z", text);
  same(regex, "(?:" + pattern + ")|(?:" + pattern + ")", text);
  const bool asserts = pattern.find_first_of("^$\\") != std::string::npos;
  if (found && !asserts) {
    fuzz::require(regex.found_in("x" + std::string(text) + "y"));
    fuzz::require(regex.found_in(std::string(text) + std::string(text)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  const std::string pattern(input.substr(0, line));
  const std::string_view text =
      line == std::string_view::npos ? std::string_view() : input.substr(line + 1, 2048);
  rules::Faults faults("/rules");
  const Regex regex = Regex::read(pattern, faults);
  fuzz::require(faults.list().size() <= 1);
  fuzz::require(regex.characters() <= rules::kMostRegexCharacters);
  for (const rules::Fault& fault : faults.list()) {
    fuzz::require(fault.offset <= pattern.size());
    for (const char c : rules::line_of(fault)) fuzz::require(static_cast<unsigned char>(c) >= 0x20);
    fuzz::require(!regex.found_in(text));
  }
  if (faults.none()) check(regex, pattern, text);
  return 0;
}
