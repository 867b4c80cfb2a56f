// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "json/value.h"
#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/store/tables.h"

namespace socbridge::sandbox {

struct QueryAnswer {
  std::string json;                    // an array, or a bare number after `count`
  std::optional<std::uint64_t> total;  // for X-Total, if `total` was among the extra data
};

// Runs `{"query":[op,…]}` (docs/protocols/thehive.md, "Query operations"). Objects younger than
// `lag_ms` are not found, as with an index that is refreshed at intervals.
std::optional<ApiError> run_query(const json::Value& body, const Tables& tables,
                                  const Version& version, std::int64_t lag_ms, QueryAnswer& out);

}  // namespace socbridge::sandbox
