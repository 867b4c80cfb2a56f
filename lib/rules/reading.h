// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "json/duplicate_keys.h"
#include "json/value.h"
#include "rules/fault.h"

// Readers of configured values; errors are added to the faults.
namespace socbridge::rules {

// A scalar or a list of 1 to 1000 scalars, as non-empty texts.
std::vector<std::string> read_texts(json::Value value, Faults& faults);
// A non-empty text; "" after a fault.
std::string read_text(json::Value value, Faults& faults);
bool read_flag(json::Value value, Faults& faults);

// Whether a member is the first of its name; a duplicate is a fault at the current position.
bool is_first(json::DuplicateKeyFilter& names, std::size_t index, Faults& faults);
void add_twice(Faults& faults);  // adds only that fault

// True if the value is an object. Each name that is not `known` is a fault with the nearest known
// one.
bool read_object(json::Value value, std::initializer_list<std::string_view> known, Faults& faults);

}  // namespace socbridge::rules
