// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "soc-sandbox/opencti/execute.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// One root field of a mutation: stixCyberObservableAdd, systemAdd, externalReferenceAdd,
// stixSightingRelationshipAdd. Observables and systems are upserted by their deterministic id; two
// sightings of one pair within 30 days are merged and counted (docs/protocols/opencti.md,
// "Mutations").
graphql::Item resolve_mutation(Graph& graph, std::string_view name, json::Value arguments);

}  // namespace socbridge::sandbox::opencti
