// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::json {

// Most values of one answer, member names included: 32 MB of nodes. An answer of 16 MiB, the most
// that http::Client accepts, stays below this if its values have 8 bytes each.
inline constexpr std::size_t kMostAnswerValues = std::size_t{1} << 21;

// For text that may not be JSON. True: it has more values, if it is JSON. Linear, allocates
// nothing.
bool has_too_many_values(std::string_view bytes);

// Document::parse for the answer of a server, which may be hostile: takes less than 200 MB besides
// the text, whatever its content. Error: bad_input if it has more values.
Result<Document> parse_answer(std::string_view bytes);

}  // namespace socbridge::json
