// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/store/tables.h"

namespace socbridge::sandbox {

// One object of a query, and its kind.
using Row =
    std::variant<const Alert*, const Case*, const Observable*, const Procedure*, const Comment*,
                 const ObservableType*, const CustomField*, const CasePage*, const Job*>;
enum class Kind { alert, item, observable, procedure, comment, type, custom_field, page, job };
const char* kind_name(Kind kind);
// The kind's name in errors; version 4 uses a Scala type.
std::string type_text(Kind kind, const Version& version);

enum class Shape { text, texts, number, flag };

// A property's value: missing, a text, several texts, a number or a flag.
using Datum = std::variant<std::monostate, std::string_view, const std::vector<std::string>*,
                           std::int64_t, bool>;

struct Property {
  std::string_view name;
  Shape shape;
  Datum (*get)(const Row&);
};

// Null if objects of that kind have no such property.
const Property* find_property(Kind kind, std::string_view name, const Version& version);

Id row_id(const Row& row);
UnixMillis row_created(const Row& row);

}  // namespace socbridge::sandbox
