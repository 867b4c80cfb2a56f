// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// Why a filter is refused, in OpenCTI's own codes.
struct Refusal {
  std::string code, message;
  std::string data;  // a JSON object for `extensions.data`, or empty
};

// What the platform would say of a FilterGroup before it searches (docs/protocols/opencti.md,
// "Filters"): members that are missing, unknown keys and operators, too many clauses.
std::optional<Refusal> check_filters(json::Value group);

// A FilterGroup that check_filters() has nothing against, read once for many entities. Without one
// all of them pass.
class Filters {
 public:
  explicit Filters(json::Value group);
  // `eq` does not see texts over 512 characters, as the platform's index.
  bool passes(const Graph& graph, const Entity& entity) const;

  struct One {
    std::string op;
    bool every = false;  // all values, or any of them
    std::vector<std::string> keys, values;
    std::unordered_set<std::string> lower;  // the values, folded
  };

 private:
  bool any_ = false;
  std::vector<One> filters_;
  std::vector<Filters> groups_;
};

}  // namespace socbridge::sandbox::opencti
