// SPDX-License-Identifier: Apache-2.0
#include "cortex/list_columns.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "observable/type_words.h"

namespace socbridge::cortex {
namespace {

constexpr std::array<std::string_view, 8> kValueNames = {
    "data", "value", "observable", "indicator", "ioc", "artifact", "ioc_value", "indicator_value"};
constexpr std::array<std::string_view, 7> kTypeNames = {
    "dataType", "type", "data_type", "indicator type", "indicator_type", "ioc_type", "ioctype"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return iequals(one, name); });
}

// A header line contains only names; rows contain dates, numbers, addresses.
bool is_name(std::string_view cell) {
  const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  return !cell.empty() && letter(cell.front()) &&
         std::all_of(cell.begin(), cell.end(), [&](char c) {
           return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ' ';
         });
}

// Account and file names usually describe another value of the row.
bool names_values(std::string_view name) {
  const std::string_view type = observable::type_of_word(name);
  constexpr std::array<std::string_view, 6> kTypes = {"ip",  "domain", "fqdn",
                                                      "url", "hash",   "mail"};
  return is_one_of(type, kTypes) || iequals(name, "hostname") || iequals(name, "host");
}

}  // namespace

std::vector<std::string> cells(std::string_view line, char separator) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
        out.back() += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        out.back() += c;
      }
    } else if (c == '"' && trim(out.back()).empty()) {
      out.back().clear();
      quoted = true;
    } else if (c == separator) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

bool is_value_name(std::string_view name) { return is_one_of(name, kValueNames); }
bool is_type_name(std::string_view name) { return is_one_of(name, kTypeNames); }

std::optional<Columns> read_columns(std::string_view line) {
  for (const char separator : {',', ';', '\t'}) {
    const auto names = cells(line, separator);
    Columns columns;
    columns.separator = separator;
    columns.count = names.size();
    std::optional<std::size_t> value, typed;
    const bool all_names =
        names.size() > 1 && std::all_of(names.begin(), names.end(),
                                        [](const auto& name) { return is_name(trim(name)); });
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view name = trim(names[i]);
      if (!value && is_value_name(name)) value = i;
      if (!columns.type && is_type_name(name)) columns.type = i;
      if (!typed && all_names && names_values(name)) typed = i;
    }
    if (!value && typed) {
      value = typed;
      columns.type.reset();
      columns.type_word = trim(names[*typed]);
    }
    if (!value) continue;
    columns.value = *value;
    return columns;
  }
  return std::nullopt;
}

}  // namespace socbridge::cortex
