// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// The error for a refused filter, with OpenCTI's code.
struct Refusal {
  std::string code, message;
  std::string data;  // a JSON object for `extensions.data`, or empty
};

// The error of the platform for a FilterGroup before it searches (docs/protocols/opencti.md,
// "Filters"): missing members, unknown keys and operators, too many clauses.
std::optional<Refusal> check_filters(json::Value group);

// A FilterGroup that check_filters() accepts, parsed once for many entities. Without a group all
// entities pass.
class Filters {
 public:
  explicit Filters(json::Value group);
  // Like the platform's index, `eq` does not find texts over 512 characters.
  bool passes(const Graph& graph, const Entity& entity) const;

  struct One {
    std::string op;
    bool every = false;  // all values must match, else any of them
    std::vector<std::string> keys, values;
    std::unordered_set<std::string> lower;  // the values, lowercased
  };

 private:
  bool any_ = false;
  std::vector<One> filters_;
  std::vector<Filters> groups_;
};

}  // namespace socbridge::sandbox::opencti
