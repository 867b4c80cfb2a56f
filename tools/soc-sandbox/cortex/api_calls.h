// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/cortex/cortex.h"

namespace socbridge::sandbox::cortex {

// One request in progress.
struct Cortex::Call {
  const Request& request;
  const StopSignal& stop;
  std::vector<std::string> captures;
  Actor actor;
  std::optional<json::Document> document;

  std::optional<ApiError> read_body();  // the error of an invalid body
  json::Value body() const { return document ? document->root() : json::Value(); }
  // A decoded parameter of the query string; empty if missing.
  std::string parameter(std::string_view name) const;
};

// A list with `X-Total`, cut to the range, by default `0-10`. 400 for an invalid range.
Response ranged(std::vector<std::string> items, std::string_view range);

}  // namespace socbridge::sandbox::cortex
