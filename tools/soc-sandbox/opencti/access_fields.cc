// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/access_fields.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "hash/digest.h"
#include "json/writer.h"
#include "soc-sandbox/opencti/objects.h"

namespace socbridge::sandbox::opencti {
namespace {

using graphql::Item;
using graphql::Object;

constexpr const char* kCapabilities[] = {"BYPASS",
                                         "KNOWLEDGE",
                                         "KNOWLEDGE_KNUPDATE",
                                         "KNOWLEDGE_KNUPDATE_KNDELETE",
                                         "KNOWLEDGE_KNENRICHMENT",
                                         "EXPLORE",
                                         "MODULES",
                                         "MODULES_MODMANAGE",
                                         "CONNECTORAPI",
                                         "TAXIIAPI",
                                         "TAXIIAPI_SETCOLLECTIONS",
                                         "INGESTION",
                                         "SETTINGS",
                                         "SETTINGS_SETPARAMETERS",
                                         "SETTINGS_SETACCESSES",
                                         "SETTINGS_SETMARKINGS",
                                         "SETTINGS_SETLABELS"};

std::int64_t order_of(std::string_view name) {
  constexpr std::string_view kLevels[] = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"};
  const std::string_view level = name.substr(std::min(name.size(), name.find(':') + 1));
  const auto found = std::find(std::begin(kLevels), std::end(kLevels), level);
  return found == std::end(kLevels) ? 0 : found - std::begin(kLevels) + 1;
}

}  // namespace

std::span<const char* const> capability_names() { return kCapabilities; }

std::string capability_id(std::string_view name) {
  const std::string hex = sha256_hex("sandbox_capability_" + std::string(name));
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-5" + hex.substr(13, 3) + "-a" +
         hex.substr(17, 3) + "-" + hex.substr(20, 12);
}

std::string capability_name(std::string_view id) {
  for (const char* name : kCapabilities) {
    if (capability_id(name) == id) return name;
  }
  return {};
}

std::string MarkingView::json() const {
  return "{\"id\":" + json::quote(id) + ",\"definition_type\":" + json::quote(type) +
         ",\"definition\":" + json::quote(name) + ",\"x_opencti_order\":" + std::to_string(order) +
         "}";
}

std::vector<MarkingView> all_markings(const Graph& graph) {
  std::vector<MarkingView> out;
  for (const Entity& one : graph.all()) {
    if (!type_is(one, "Marking-Definition")) continue;
    std::string name = one.text("name");
    if (name.empty()) name = one.name();
    out.push_back({one.id, name.substr(0, name.find(':')), name, order_of(name)});
  }
  return out;
}

std::vector<MarkingView> markings_to(const Graph& graph, std::string_view id) {
  const auto all = all_markings(graph);
  const auto top =
      std::find_if(all.begin(), all.end(), [&](const MarkingView& one) { return one.id == id; });
  std::vector<MarkingView> out;
  if (top == all.end()) return out;
  for (const MarkingView& one : all) {
    if (one.type == top->type && one.order <= top->order) out.push_back(one);
  }
  return out;
}

Item owned_object(const std::string& json) {
  auto parsed = json::Document::parse(json);
  if (!parsed.ok()) return Item::null();
  const auto document = std::make_shared<json::Document>(std::move(*parsed));
  Object out;
  out.type = "Object";
  out.is = [](std::string_view) { return true; };
  out.get = [document](std::string_view name, json::Value) {
    return json_object(document->root()[name]);
  };
  return Item::of(std::move(out));
}

Item edit_object(std::function<std::optional<Item>(std::string_view, json::Value)> field) {
  Object out;
  out.type = "EditMutations";
  out.is = [](std::string_view) { return true; };
  out.get = [field = std::move(field)](std::string_view name, json::Value arguments) {
    auto item = field(name, arguments);
    return item ? std::move(*item) : Item();
  };
  return Item::of(std::move(out));
}

}  // namespace socbridge::sandbox::opencti
