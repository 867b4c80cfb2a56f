#pragma once

#include <optional>
#include <string>

#include "json/value.h"
#include "sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// Why a filter is refused, in OpenCTI's own codes.
struct Refusal {
  std::string code, message;
};

// What the platform would say of a FilterGroup before it searches (OpenCTI facts 2.1): members that
// are missing, unknown keys and operators, too many clauses.
std::optional<Refusal> check_filters(json::Value group);

// Whether the entity passes. `eq` does not see texts over 512 characters, as the platform's index.
bool passes(const Graph& graph, const Entity& entity, json::Value group);

}  // namespace socbridge::sandbox::opencti
