// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "soc-sandbox/opencti/execute.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// Entities of the graph as GraphQL objects. They point into the graph, which must outlive them.
graphql::Item object_of(const Graph& graph, const Entity* entity);

// A connection (`pageInfo`, `edges`) over the entities: `first` of them (default 500, at most
// 5,000) after the cursor `after`.
graphql::Item connection(const Graph& graph, const std::vector<const Entity*>& all,
                         json::Value arguments);
// The same over items that are not entities.
graphql::Item connection_of(std::vector<graphql::Item> all, json::Value arguments);

// An object whose fields are the members of a JSON object, at any depth. `value` must outlive it.
graphql::Item json_object(json::Value value);

}  // namespace socbridge::sandbox::opencti
