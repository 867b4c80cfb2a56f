// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "json/value.h"
#include "soc-sandbox/cortex/jobs.h"

namespace socbridge::sandbox::cortex {

// A query of `_search`: `_any _and _or _not _in _gt _gte _lt _lte _between _like`, `{"_field",
// "_value"}` and `{"field": value}`. A missing query matches everything. Empty: the query has an
// unsupported operator, named in `wrong`.
std::optional<bool> fits(json::Value query, const Job& job, std::int64_t now, std::string& wrong);
std::optional<bool> fits(json::Value query, const Analyzer& analyzer, std::string& wrong);

// Whether the query compares this field anywhere. The query must not be deeply nested.
bool asks_for(json::Value query, std::string_view field);

// Parses `0-10`, `all` or empty (0-10) into from and to (exclusive). False: invalid.
bool parse_range(std::string_view text, std::size_t& from, std::size_t& to);

}  // namespace socbridge::sandbox::cortex
