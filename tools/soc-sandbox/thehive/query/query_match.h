// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/query/query_row.h"

namespace socbridge::sandbox {

// One comparison of a property with given values.
struct Match {
  enum class How {
    equal,
    differs,
    less,
    at_most,
    more,
    at_least,
    between,
    like,
    word,
    starts,
    ends
  };
  How how = How::equal;
  // In the property's shape; `equal` matches any of them, `between` has two.
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;
  std::vector<bool> flags;

  bool holds(const Datum& value) const;
};

bool is_match_operator(std::string_view op, const Version& version);

// `operand` is `{"_field":…,"_value":…}`, with `_values` for _in and `_from`, `_to` for _between.
std::optional<ApiError> make_match(std::string_view op, const json::Value& operand,
                                   const Property& property, const Version& version, Match& out);

}  // namespace socbridge::sandbox
