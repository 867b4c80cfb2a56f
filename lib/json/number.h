// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge::json {

// All of them take the spelling of a valid JSON number.

// Exact: `12`, `-3`, `1e3` and `5.0` are whole numbers, whatever a double would make of them.
std::optional<std::int64_t> whole_number(std::string_view spelling);

// Empty if it is beyond the range of a double. Too small a number is 0.
std::optional<double> real_number(std::string_view spelling);

// Whether the number is read as a string: beyond the range of a double, or spelled so (exponent
// above 308, more than 308 digits before the point) that RapidJSON's reader takes it for that.
bool beyond_double(std::string_view spelling);

// Whole numbers of up to 40 digits without exponent and fraction, all others as they are.
std::string plain_number(std::string_view spelling);

// Length of the JSON number that the text begins with, or 0.
std::size_t number_length(std::string_view text);

}  // namespace socbridge::json
