// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soc-sandbox/opencti/execute.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// Capabilities of a platform 6.8, by name; ids are derived from the names.
std::span<const char* const> capability_names();
std::string capability_id(std::string_view name);
std::string capability_name(std::string_view id);  // empty: unknown id

struct MarkingView {
  std::string id, type, name;
  std::int64_t order = 0;
  std::string json() const;
};
std::vector<MarkingView> all_markings(const Graph& graph);
// A marking and all lower ones of its type: a user with the first may see all of them.
std::vector<MarkingView> markings_to(const Graph& graph, std::string_view id);

// An object from JSON text, of which it holds a copy.
graphql::Item owned_object(const std::string& json);
// An object whose fields have an effect when they are resolved.
graphql::Item edit_object(
    std::function<std::optional<graphql::Item>(std::string_view, json::Value)> field);

}  // namespace socbridge::sandbox::opencti
