// SPDX-License-Identifier: Apache-2.0
#include "rules/field_test.h"

#include <algorithm>
#include <optional>
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
  const Faults::Scope down(faults, name);
  std::vector<std::string> texts = read_texts(value, faults);
  if (name == "equals") {
    equals_ = std::move(texts);
    return;
  }
  if (name == "glob") {
    globs_ = std::move(texts);
    return;
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::optional<Faults::Scope> element;  // so that an error's position is in its own text
    if (name == "regex" && value.is_array()) element.emplace(faults, i);
    read_one(name, texts[i], faults);
  }
}

void FieldTest::read_one(std::string_view name, const std::string& text, Faults& faults) {
  if (name == "regex") {
    read_regex(text, faults);
  } else if (name == "cidr") {
    auto network = observable::Network::parse(text);
    if (network) {
      networks_.push_back(*network);
    } else {
      faults.add(quoted(text) + " is not an address block", "write 10.0.0.0/8 or 2001:db8::/32");
    }
  } else if (const auto range = ValueRange::parse(text)) {
    ranges_.push_back(*range);
  } else {
    faults.add(quoted(text) + " is not a number or range", "write 7, 7-8.9, >=7 or <3");
  }
}

void FieldTest::read_regex(const std::string& text, Faults& faults) {
  constexpr std::size_t kMostInAll = 8192;
  Regex regex = Regex::read(text, faults);
  const std::size_t before = faults.count_regex(0);
  const std::size_t sum = faults.count_regex(regex.characters());
  if (before <= kMostInAll && sum > kMostInAll) {
    faults.add("makes the regular expressions longer than 8192 characters in all",
               "write some of them as glob, which may be of any length");
  }
  regexes_.emplace_back(text, std::move(regex));
}

FieldTest FieldTest::read(json::Value object, Faults& faults) {
  FieldTest test;
  for (const std::string_view name : {"path", "field"}) {
    if (object[name].missing()) continue;
    const Faults::Scope down(faults, name);
    if (!test.path_.empty()) faults.add("path and field are the same; name one of them");
    const auto text = object[name].string();
    test.path_ = std::string(text ? trim(*text) : "");
    if (test.path_.empty()) faults.add("must be one path, such as data.srcip");
  }
  int tests = 0;
  for (const std::string_view name : {"equals", "glob", "regex", "cidr", "range"}) {
    if (object[name].missing()) continue;
    ++tests;
    test.read_values(name, object[name], faults);
  }
  const bool named = !object["path"].missing() || !object["field"].missing();
  if (tests > 0 && !named) {
    faults.add("equals, glob, regex, cidr and range need a path",
               R"(for example {"path": "data.srcip", "cidr": "10.0.0.0/8"})");
  }
  if (tests > 1) faults.add("only one of equals, glob, regex, cidr and range goes with a path");
  return test;
}

bool FieldTest::has_no_values() const {
  return equals_.empty() && globs_.empty() && networks_.empty() && ranges_.empty() &&
         regexes_.empty();
}

bool FieldTest::matches(json::Value root, std::string& why) const {
  const json::Value value = root.path(path_);
  if (value.missing() || value.type() == json::Type::null) return false;
  if (has_no_values()) {
    add_word(why, path_ + " is present");
    return true;
  }
  std::size_t searched = 0;
  if (!value.is_array()) return value_matches(value, searched, why);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value_matches(value.at(i), searched, why)) return true;
  }
  return false;
}

// `searched` counts the bytes of this field that regular expressions have read.
bool FieldTest::value_matches(json::Value value, std::size_t& searched, std::string& why) const {
  const auto text = value.scalar_text();
  if (!text) return false;
  if (!regexes_.empty()) return regex_matches(*text, searched, why);
  const auto shown = [&] { return path_ + " " + printable(*text, 60); };
  const bool in_range = std::any_of(ranges_.begin(), ranges_.end(),
                                    [&](const ValueRange& range) { return range.holds(*text); });
  if (in_range || std::find(equals_.begin(), equals_.end(), *text) != equals_.end() ||
      any_glob(globs_, *text)) {
    add_word(why, shown());
    return true;
  }
  for (const observable::Network& network : networks_) {
    if (!network.holds(*text)) continue;
    add_word(why, shown() + " in " + network.text());
    return true;
  }
  return false;
}

bool FieldTest::regex_matches(std::string_view text, std::size_t& searched,
                              std::string& why) const {
  const std::size_t most = kMostSearched - searched;
  searched += std::min(text.size(), most);
  for (const auto& [written, regex] : regexes_) {
    if (!regex.found_in(text, most)) continue;
    add_word(why, path_ + " " + printable(text, 60) + " matches " + quoted(written));
    return true;
  }
  return false;
}

}  // namespace socbridge::rules
