// SPDX-License-Identifier: Apache-2.0
#include "rules/reading.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace socbridge::rules {
namespace {

constexpr std::size_t kMostValues = 1000;

}  // namespace

std::vector<std::string> read_texts(json::Value value, Faults& faults) {
  std::vector<std::string> out;
  if (!value.is_array()) {
    auto text = value.scalar_text();
    if (!text || text->empty()) {
      faults.add("must be a text, a number or a list of these");
      return out;
    }
    out.push_back(std::move(*text));
    return out;
  }
  if (value.size() == 0 || value.size() > kMostValues) faults.add("must have 1 to 1000 values");
  for (std::size_t i = 0; i < std::min(value.size(), kMostValues); ++i) {
    const Faults::Scope down(faults, i);
    auto text = value.at(i).scalar_text();
    if (text && !text->empty()) {
      out.push_back(std::move(*text));
    } else {
      faults.add("is not a text or number");
    }
  }
  return out;
}

std::string read_text(json::Value value, Faults& faults) {
  const auto text = value.string();
  if (!text || trim(*text).empty()) {
    faults.add("must be a text");
    return {};
  }
  return std::string(*text);
}

bool read_flag(json::Value value, Faults& faults) {
  const auto flag = value.boolean();
  if (!flag) faults.add("must be true or false");
  return flag.value_or(false);
}

void add_twice(Faults& faults) {
  faults.add("is given twice", "remove one of them", json::kItsName);
}

bool is_first(json::DuplicateKeyFilter& names, std::size_t index, Faults& faults) {
  const bool first = names.is_first(index);
  if (!first) add_twice(faults);
  return first;
}

bool read_object(json::Value value, std::initializer_list<std::string_view> known, Faults& faults) {
  std::string names;
  for (const std::string_view one : known) {
    names += names.empty() ? "" : one == *(known.end() - 1) ? " and " : ", ";
    names += one;
  }
  if (!value.is_object()) {
    faults.add("must be an object", "known are " + names);
    return false;
  }
  json::DuplicateKeyFilter names_read(value);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string_view name = value.key_at(i);
    const Faults::Scope down(faults, name);
    if (!is_first(names_read, i, faults)) continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view near = nearest(name, std::vector<std::string_view>(known));
    faults.add("unknown key " + quoted(name),
               near.empty() ? "known are " + names : "did you mean " + quoted(near) + "?",
               json::kItsName);
  }
  return true;
}

}  // namespace socbridge::rules
