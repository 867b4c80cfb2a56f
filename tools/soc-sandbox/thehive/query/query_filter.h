// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "json/value.h"
#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/query/query_row.h"

namespace socbridge::sandbox {

using Predicate = std::function<bool(const Row&)>;

// Compiles a filter of the query DSL (docs/protocols/thehive.md, "Query filters") for objects of
// one kind. Refused as 400 BadRequest: an unknown operator or property, more than one operator in
// one object, a value of the wrong type, and operators that the version does not have (`_eq`,
// `_has`, `_match` in version 4).
std::optional<ApiError> compile_filter(const json::Value& filter, Kind kind, const Version& version,
                                       Predicate& out);

}  // namespace socbridge::sandbox
