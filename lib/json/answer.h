// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::json {

// Most values, names of members included, that are read of one answer: 32 MB of nodes. An answer of
// 16 MiB, the most that http::Client takes, has fewer if each of them has 8 bytes.
inline constexpr std::size_t kMostAnswerValues = std::size_t{1} << 21;

// Of a text that may be no JSON: it has more, if it is JSON. Linear, no memory.
bool has_too_many_values(std::string_view bytes);

// Document::parse for what a server answered, who may be hostile: memory stays below 200 MB beside
// the text, whatever fills it. bad_input if it has more.
Result<Document> parse_answer(std::string_view bytes);

}  // namespace socbridge::json
