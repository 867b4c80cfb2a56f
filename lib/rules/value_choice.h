// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/value.h"
#include "rules/matchers.h"
#include "rules/template.h"

namespace socbridge::rules {

// A text that a rule sets: a template, or a table that maps the value of a template to others.
//   "high"    "{data.priority|lower}"
//   {"from": "data.alert.severity", "map": {"1": 4, "2": 3, "3-255": 2}, "default": 1}
// `from` is a path or a template. Rows of the map are tried in order: an equal text (case is
// ignored), a pattern (* and ?), or a range of numbers (`7-8.9`, `>=7`).
class ValueChoice {
 public:
  static ValueChoice read(json::Value value, Faults& faults);

  // Empty: nothing is set, because a field is missing or no row matches.
  std::optional<std::string> value(const Subject& subject) const;
  // The value, if it is the same for every alert.
  std::optional<std::string> constant() const;
  // The origin of the value, for people: "data.alert.severity 1"; empty if it is constant.
  std::string reason(const Subject& subject) const;
  // All values that are known beforehand: those of a map.
  std::vector<std::string> results() const;

 private:
  struct Row {
    std::string pattern;
    std::optional<ValueRange> range;
    std::string result;
  };
  void read_map(json::Value value, Faults& faults);

  Template template_;
  std::vector<Row> map_;
  std::optional<std::string> default_;
  bool is_map_ = false;
};

}  // namespace socbridge::rules
