// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"
#include "observable/network.h"
#include "rules/matchers.h"
#include "rules/reading.h"
#include "rules/regex.h"

namespace socbridge::rules {

// A condition on one field of the alert: the field is present, or its value (for an array, any
// element) equals a text, matches a pattern or (in part) a regular expression, or lies in an
// address block or a range of numbers.
//   {"path": "data.srcip", "cidr": ["10.0.0.0/8", "2001:db8::/32"]}
class FieldTest {
 public:
  // Reads `path` (or `field`) and one of equals, glob, regex, cidr and range from an object that
  // may have other keys.
  static FieldTest read(json::Value object, Faults& faults);

  bool empty() const { return path_.empty(); }
  // Appends the match to `why`: "data.srcip 10.1.2.3 in 10.0.0.0/8".
  bool matches(json::Value root, std::string& why) const;

 private:
  bool has_no_values() const;
  void read_values(std::string_view name, json::Value value, Faults& faults);
  void read_one(std::string_view name, const std::string& text, Faults& faults);
  void read_regex(const std::string& text, Faults& faults);
  bool value_matches(json::Value value, std::size_t& searched, std::string& why) const;
  bool regex_matches(std::string_view text, std::size_t& searched, std::string& why) const;

  std::string path_;
  std::vector<std::string> equals_, globs_;
  std::vector<observable::Network> networks_;
  std::vector<ValueRange> ranges_;
  std::vector<std::pair<std::string, Regex>> regexes_;  // source text and expression
};

// Appends a word to a list for people: "rule 5710, agent web-01".
void add_word(std::string& why, std::string_view word);
bool any_glob(const std::vector<std::string>& patterns, std::string_view text);

}  // namespace socbridge::rules
