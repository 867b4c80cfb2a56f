// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/query/query_row.h"

namespace socbridge::sandbox {

// Intermediate result of a query between two operations: items of one kind.
struct Rows {
  const Tables& tables;
  const Version& version;
  std::vector<Row> list;
  Kind kind;
};

// The first operation: listAlert, getCase and so on.
std::optional<ApiError> select(Rows& rows, std::string_view name, const json::Value& op);
// From the intermediate result to its children or parents, without repetitions: observables, case,
// comments, …
std::optional<ApiError> traverse(Rows& rows, std::string_view name);
// `_fields`: [{"date":"desc"}, …]; objects without a value come first.
std::optional<ApiError> sort(Rows& rows, const json::Value& op);

}  // namespace socbridge::sandbox
