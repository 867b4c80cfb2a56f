// SPDX-License-Identifier: Apache-2.0
#include "rules/filter.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace socbridge::rules {
namespace {

std::vector<NumberRange> ranges_of(const std::vector<std::string>& texts, Faults& faults) {
  std::vector<NumberRange> out;
  for (const std::string& text : texts) {
    if (const auto range = NumberRange::parse(text)) {
      out.push_back(*range);
    } else {
      faults.add(quoted(text) + " is not a number or range", "write 5710 or 100000-100999");
    }
  }
  return out;
}

// Wazuh 5 rule ids may be any text; one that begins like a number is checked as a number.
bool looks_like_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789- ") == std::string_view::npos;
}

}  // namespace

Result<Filter> Filter::read(json::Value row) {
  Faults faults;
  Filter filter = read(row, faults);
  if (faults.none()) return filter;
  const Fault& first = faults.list().front();
  return Status::error(ExitCode::usage, line_of(first), first.hint);
}

Filter Filter::read(json::Value row, Faults& faults) {
  Filter filter;
  if (!row.is_object() || row.size() == 0) {
    faults.add("must be an object with at least one of rule, level, group, agent and path",
               R"(for example {"rule": "5710", "agent": "test-*"})");
    return filter;
  }
  read_object(
      row,
      {"rule", "level", "group", "agent", "agent_ip", "agent_group", "label", "decoder", "location",
       "path", "field", "equals", "glob", "regex", "cidr", "range", "fields", "not"},
      faults);
  for (std::size_t i = 0; i < row.size(); ++i) {
    filter.read_member(row.key_at(i), row.value_at(i), faults);
  }
  FieldTest test = FieldTest::read(row, faults);
  if (!test.empty()) filter.fields_.push_back(std::move(test));
  return filter;
}

void Filter::read_member(std::string_view name, json::Value value, Faults& faults) {
  const Faults::Scope down(faults, name);
  if (name == "label") return read_labels(value, faults);
  if (name == "not") return read_none(value, faults);
  if (name == "fields") {
    if (!value.is_array() || value.size() == 0) faults.add("must be a list of conditions");
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
      const Faults::Scope deeper(faults, i);
      if (!read_object(value.at(i), {"path", "field", "equals", "glob", "regex", "cidr", "range"},
                       faults)) {
        continue;
      }
      FieldTest test = FieldTest::read(value.at(i), faults);
      if (test.empty()) faults.add("needs a path");
      fields_.push_back(std::move(test));
    }
    return;
  }
  std::vector<std::string>* const list = name == "group"         ? &groups_
                                         : name == "agent"       ? &agents_
                                         : name == "agent_group" ? &agent_groups_
                                         : name == "decoder"     ? &decoders_
                                         : name == "location"    ? &locations_
                                                                 : nullptr;
  if (list != nullptr) {
    *list = read_texts(value, faults);
  } else if (name == "rule") {
    read_rules(read_texts(value, faults), faults);
  } else if (name == "level") {
    levels_ = ranges_of(read_texts(value, faults), faults);
  } else if (name == "agent_ip") {
    read_agent_ips(read_texts(value, faults), faults);
  }
}

void Filter::read_rules(const std::vector<std::string>& texts, Faults& faults) {
  for (const std::string& text : texts) {
    if (!looks_like_number(text)) {
      rules_.push_back(text);
      continue;
    }
    const auto ranges = ranges_of({text}, faults);
    rule_ranges_.insert(rule_ranges_.end(), ranges.begin(), ranges.end());
  }
}

void Filter::read_agent_ips(const std::vector<std::string>& texts, Faults& faults) {
  for (const std::string& text : texts) {
    auto network = observable::Network::parse(text);
    if (network) {
      agent_ips_.push_back(*network);
    } else {
      faults.add(quoted(text) + " is not an address block", "write 10.0.0.0/8 or 2001:db8::/32");
    }
  }
}

void Filter::read_labels(json::Value value, Faults& faults) {
  if (!value.is_object() || value.size() == 0) {
    faults.add("must be an object of label names and patterns",
               R"(for example {"site": "paris*"})");
    return;
  }
  json::DuplicateKeyFilter names(value);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Faults::Scope down(faults, value.key_at(i));
    if (!is_first(names, i, faults)) continue;
    labels_.emplace_back(std::string(value.key_at(i)), read_texts(value.value_at(i), faults));
  }
}

void Filter::read_none(json::Value value, Faults& faults) {
  constexpr std::size_t kMostNested = 8;
  if (std::count(faults.pointer().begin(), faults.pointer().end(), '/') >
      static_cast<std::ptrdiff_t>(2 * kMostNested)) {
    faults.add("is nested too deeply");
    return;
  }
  if (!value.is_array()) {
    none_.push_back(read(value, faults));
    return;
  }
  if (value.size() == 0) faults.add("must have at least one row");
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Faults::Scope down(faults, i);
    none_.push_back(read(value.at(i), faults));
  }
}

}  // namespace socbridge::rules
