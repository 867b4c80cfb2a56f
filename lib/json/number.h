// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge::json {

// All functions take the spelling of a valid JSON number.

// Exact: `12`, `-3`, `1e3` and `5.0` are integers, independent of double precision.
std::optional<std::int64_t> whole_number(std::string_view spelling);

// Empty if it is beyond the range of a double. An underflow gives 0.
std::optional<double> real_number(std::string_view spelling);

// Whether the number is stored as a string: beyond the range of a double, or with an exponent above
// 308 or more than 308 digits before the point, which RapidJSON's reader rejects.
bool beyond_double(std::string_view spelling);

// Integers of up to 40 digits without exponent and fraction; all others unchanged.
std::string plain_number(std::string_view spelling);

// Length of the JSON number that the text begins with, or 0.
std::size_t number_length(std::string_view text);

}  // namespace socbridge::json
