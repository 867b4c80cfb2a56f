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

// Capabilities of a platform 6.8, by name; their ids are made of the names.
std::span<const char* const> capability_names();
std::string capability_id(std::string_view name);
std::string capability_name(std::string_view id);  // empty: there is none

struct MarkingView {
  std::string id, type, name;
  std::int64_t order = 0;
  std::string json() const;
};
std::vector<MarkingView> all_markings(const Graph& graph);
// A marking and those of its type below it: a user who may see it may see these.
std::vector<MarkingView> markings_to(const Graph& graph, std::string_view id);

// An object of JSON text that it keeps.
graphql::Item owned_object(const std::string& json);
// An object whose fields do something when they are asked for.
graphql::Item edit_object(
    std::function<std::optional<graphql::Item>(std::string_view, json::Value)> field);

}  // namespace socbridge::sandbox::opencti
