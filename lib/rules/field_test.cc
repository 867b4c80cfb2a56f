// SPDX-License-Identifier: Apache-2.0
#include "rules/field_test.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace socbridge::rules {

void add_word(std::string& why, std::string_view word) {
  if (!why.empty()) why += ", ";
  why += word;
}

bool any_glob(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return glob_matches(pattern, text); });
}

void FieldTest::read_values(std::string_view name, json::Value value, Faults& faults) {
  const Faults::Down down(faults, name);
  std::vector<std::string> texts = read_texts(value, faults);
  if (name == "equals") {
    equals_ = std::move(texts);
    return;
  }
  if (name == "glob") {
    globs_ = std::move(texts);
    return;
  }
  for (const std::string& text : texts) {
    if (name == "cidr") {
      auto network = Network::parse(text);
      if (network) {
        networks_.push_back(std::move(*network));
      } else {
        faults.add(quoted(text) + " is no address block", "write 10.0.0.0/8 or 2001:db8::/32");
      }
    } else if (const auto range = ValueRange::parse(text)) {
      ranges_.push_back(*range);
    } else {
      faults.add(quoted(text) + " is no number or range", "write 7, 7-8.9, >=7 or <3");
    }
  }
}

FieldTest FieldTest::read(json::Value object, Faults& faults) {
  FieldTest test;
  for (const std::string_view name : {"path", "field"}) {
    if (object[name].missing()) continue;
    const Faults::Down down(faults, name);
    if (!test.path_.empty()) faults.add("path and field are the same; name one of them");
    const auto text = object[name].string();
    test.path_ = std::string(text ? trim(*text) : "");
    if (test.path_.empty()) faults.add("must be one path, such as data.srcip");
  }
  int tests = 0;
  for (const std::string_view name : {"equals", "glob", "cidr", "range"}) {
    if (object[name].missing()) continue;
    ++tests;
    test.read_values(name, object[name], faults);
  }
  const bool named = !object["path"].missing() || !object["field"].missing();
  if (tests > 0 && !named) {
    faults.add("equals, glob, cidr and range need a path",
               R"(for example {"path": "data.srcip", "cidr": "10.0.0.0/8"})");
  }
  if (tests > 1) faults.add("only one of equals, glob, cidr and range goes with a path");
  return test;
}

bool FieldTest::has_no_values() const {
  return equals_.empty() && globs_.empty() && networks_.empty() && ranges_.empty();
}

bool FieldTest::matches(json::Value root, std::string& why) const {
  const json::Value value = root.path(path_);
  if (value.missing() || value.type() == json::Type::null) return false;
  if (has_no_values()) {
    add_word(why, path_ + " is there");
    return true;
  }
  if (!value.is_array()) return value_matches(value, why);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value_matches(value.at(i), why)) return true;
  }
  return false;
}

bool FieldTest::value_matches(json::Value value, std::string& why) const {
  const auto text = value.scalar_text();
  if (!text) return false;
  const std::string shown = path_ + " " + printable(*text, 60);
  const bool in_range = std::any_of(ranges_.begin(), ranges_.end(),
                                    [&](const ValueRange& range) { return range.holds(*text); });
  if (in_range || std::find(equals_.begin(), equals_.end(), *text) != equals_.end() ||
      any_glob(globs_, *text)) {
    add_word(why, shown);
    return true;
  }
  for (const Network& network : networks_) {
    if (!network.holds(*text)) continue;
    add_word(why, shown + " in " + network.text);
    return true;
  }
  return false;
}

}  // namespace socbridge::rules
