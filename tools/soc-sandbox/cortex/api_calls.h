// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/cortex/cortex.h"

namespace socbridge::sandbox::cortex {

// One request on its way.
struct Cortex::Call {
  const Request& request;
  const StopSignal& stop;
  std::vector<std::string> captures;
  Actor actor;
  std::optional<json::Document> document;

  std::optional<ApiError> read_body();  // what is wrong with it
  json::Value body() const { return document ? document->root() : json::Value(); }
  // A parameter of the query string, decoded; or empty.
  std::string parameter(std::string_view name) const;
};

// A list with `X-Total`, cut to the range: `0-10` if none is given. 400 for a range that is none.
Response ranged(std::vector<std::string> items, std::string_view range);

}  // namespace socbridge::sandbox::cortex
