// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/objects.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::sandbox::opencti {
namespace {

using graphql::Item;
using graphql::Object;

Item or_null(const std::string& text) { return text.empty() ? Item::null() : Item::text(text); }

Item text_list(const std::vector<std::string>& texts) {
  std::vector<Item> out;
  for (const std::string& text : texts) out.push_back(Item::text(text));
  return Item::list(std::move(out));
}

// An object with fixed members, each as JSON.
Item members(std::string type, std::vector<std::pair<std::string, std::string>> fields) {
  Object out;
  out.type = type;
  out.is = [type = std::move(type)](std::string_view kind) { return kind == type; };
  out.get = [fields = std::move(fields)](std::string_view name, json::Value) {
    for (const auto& [known, json] : fields) {
      if (known == name) return Item::raw(json);
    }
    return Item();
  };
  return Item::of(std::move(out));
}

Item labels(const Entity& entity) {
  std::vector<Item> out;
  for (const std::string& label : entity.texts("labels")) {
    out.push_back(members("Label", {{"id", json::quote("label-" + label)},
                                    {"value", json::quote(label)},
                                    {"color", "\"#2e7d32\""}}));
  }
  return Item::list(std::move(out));
}

Item markings(const Graph& graph, const Entity& entity) {
  std::vector<Item> out;
  for (const std::string& id : entity.texts("object_marking_refs")) {
    if (const Entity* marking = graph.find(id)) out.push_back(object_of(graph, marking));
  }
  return Item::list(std::move(out));
}

Item external_references(const Entity& entity, json::Value arguments) {
  std::vector<Item> out;
  const json::Value list = entity.property("external_references");
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (const char* name : {"source_name", "url", "external_id", "description"}) {
      const json::Value value = list.at(i)[name];
      fields.emplace_back(name, value.missing() ? "null" : value.dump());
    }
    out.push_back(members("ExternalReference", std::move(fields)));
  }
  return connection_of(std::move(out), arguments);
}

Item hashes(const Entity& entity) {
  std::vector<Item> out;
  const json::Value all = entity.property("hashes");
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.push_back(members(
        "Hash", {{"algorithm", json::quote(all.key_at(i))}, {"hash", all.value_at(i).dump()}}));
  }
  return Item::list(std::move(out));
}

Item kill_chain(const Entity& entity) {
  std::vector<Item> out;
  const json::Value all = entity.property("kill_chain_phases");
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.push_back(members("KillChainPhase",
                          {{"kill_chain_name", json::quote(all.at(i)["kill_chain_name"].text())},
                           {"phase_name", json::quote(all.at(i)["phase_name"].text())},
                           {"x_opencti_order", "0"}}));
  }
  return Item::list(std::move(out));
}

Item creators(const Entity& entity) {
  std::vector<Item> out;
  for (const std::string& id : entity.texts("creator_ids")) {
    out.push_back(members("Creator", {{"id", json::quote(id)}}));
  }
  return Item::list(std::move(out));
}

// Objects at the other end of `based-on` relationships.
std::vector<const Entity*> based_on(const Graph& graph, const Entity& entity, bool indicators) {
  std::vector<const Entity*> out;
  for (const Entity* link : graph.touching(entity)) {
    if (link->type != "based-on") continue;
    const Entity* other = graph.find(indicators ? link->from() : link->to());
    if (other != nullptr && other != &entity) out.push_back(other);
  }
  return out;
}

std::vector<const Entity*> relationships(const Graph& graph, const Entity& entity,
                                         json::Value arguments) {
  std::vector<const Entity*> out;
  const std::string wanted = arguments["relationship_type"].text();
  for (const Entity* link : graph.touching(entity)) {
    if (link->is_relationship() && (wanted.empty() || link->type == wanted)) out.push_back(link);
  }
  return out;
}

std::optional<Item> link_field(const Graph& graph, const Entity& entity, std::string_view name) {
  const Entity* from = graph.find(entity.from());
  const Entity* to = graph.find(entity.to());
  if (name == "from") return object_of(graph, from);
  if (name == "to") return object_of(graph, to);
  if (name == "fromId") return or_null(from != nullptr ? from->id : entity.from());
  if (name == "toId") return or_null(to != nullptr ? to->id : entity.to());
  if (name == "fromType") return or_null(from != nullptr ? from->type : "");
  if (name == "toType") return or_null(to != nullptr ? to->type : "");
  if (name == "relationship_type") return Item::text(entity.type);
  // A relationship without times has the first and the last possible time.
  if (name == "start_time" && entity.text(name).empty()) {
    return Item::text("1970-01-01T00:00:00.000Z");
  }
  if (name == "stop_time" && entity.text(name).empty()) {
    return Item::text("5138-11-16T09:46:40.000Z");
  }
  if (name == "attribute_count") {
    const std::string count = entity.text("count");
    return Item::raw(count.empty() ? "1" : count);
  }
  if (name == "x_opencti_negative") return Item::raw("false");
  return std::nullopt;
}

std::optional<Item> own_field(const Graph& graph, const Entity& entity, std::string_view name,
                              json::Value arguments) {
  if (name == "id") return Item::text(entity.id);
  if (name == "standard_id") return Item::text(entity.standard_id);
  if (name == "entity_type") return Item::text(entity.type);
  if (name == "created_at") return Item::text(entity.created_at);
  if (name == "updated_at" || name == "modified") return Item::text(entity.updated_at);
  if (name == "created") return Item::text(entity.created_at);
  if (name == "is_inferred") return Item::raw("false");
  if (name == "representative") {
    const std::string technique = entity.text("x_mitre_id");
    const std::string main = (technique.empty() ? "" : "[" + technique + "] ") + entity.name();
    return members("Representative", {{"main", json::quote(main)},
                                      {"secondary", json::quote(entity.text("description"))}});
  }
  if (name == "observable_value") {
    return entity.is_observable() ? std::optional(Item::text(entity.name())) : std::nullopt;
  }
  if (name == "objectLabel") return labels(entity);
  if (name == "objectMarking") return markings(graph, entity);
  if (name == "createdBy") return object_of(graph, graph.find(entity.text("created_by_ref")));
  if (name == "attribute_key") return or_null(entity.text("key"));
  if (name == "creators") return creators(entity);
  if (name == "externalReferences") return external_references(entity, arguments);
  if (name == "killChainPhases") return kill_chain(entity);
  if (name == "reports") {
    std::vector<const Entity*> out;
    for (const Entity* one : graph.containing(entity)) {
      if (one->type == "Report") out.push_back(one);
    }
    return connection(graph, out, arguments);
  }
  if (name == "stixCoreRelationships") {
    return connection(graph, relationships(graph, entity, arguments), arguments);
  }
  if (name == "hashes" && type_is(entity, "HashedObservable")) return hashes(entity);
  if (name == "indicators" && entity.is_observable()) {
    return connection(graph, based_on(graph, entity, true), arguments);
  }
  if (name == "observables" && entity.type == "Indicator") {
    return connection(graph, based_on(graph, entity, false), arguments);
  }
  if (entity.type == "Marking-Definition" && name == "x_opencti_order") return Item::raw("1");
  if (entity.type == "Marking-Definition" && name == "definition") {
    return or_null(entity.text("name"));
  }
  return std::nullopt;
}

// STIX properties with the same name in OpenCTI's API.
constexpr std::string_view kTexts[] = {"name",
                                       "value",
                                       "pattern",
                                       "pattern_type",
                                       "valid_from",
                                       "valid_until",
                                       "first_seen",
                                       "last_seen",
                                       "start_time",
                                       "stop_time",
                                       "published",
                                       "description",
                                       "definition_type",
                                       "sophistication",
                                       "x_mitre_id",
                                       "x_opencti_description",
                                       "x_opencti_main_observable_type",
                                       "account_login",
                                       "user_id",
                                       "path",
                                       "command_line",
                                       "subject"};
constexpr std::string_view kNumbers[] = {"confidence", "x_opencti_score", "number"};
constexpr std::string_view kFlags[] = {"revoked", "x_opencti_detection", "is_family"};
constexpr std::string_view kLists[] = {"aliases",    "indicator_types", "malware_types",
                                       "tool_types", "report_types",    "threat_actor_types"};

template <typename List>
bool among(std::string_view name, const List& list) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

Item plain_field(const Entity& entity, std::string_view name) {
  if (among(name, kTexts)) return or_null(entity.text(name));
  if (among(name, kNumbers)) {
    const json::Value value = entity.property(name);
    return value.is_number() ? Item::raw(value.dump()) : Item::null();
  }
  if (among(name, kFlags)) {
    return Item::raw(entity.property(name).boolean().value_or(false) ? "true" : "false");
  }
  if (among(name, kLists)) {
    return entity.property(name).is_array() ? text_list(entity.texts(name)) : Item::null();
  }
  return {};
}

}  // namespace

graphql::Item object_of(const Graph& graph, const Entity* entity) {
  if (entity == nullptr) return Item::null();
  Object out;
  out.type = entity->is_relationship() ? "StixCoreRelationship" : graphql_type(entity->type);
  out.is = [entity](std::string_view kind) {
    return type_is(*entity, kind) || kind == "StixObjectOrStixRelationshipOrCreator";
  };
  out.get = [entity, &graph](std::string_view name, json::Value arguments) {
    if (entity->is_relationship() || entity->is_sighting()) {
      if (auto item = link_field(graph, *entity, name)) return *item;
    }
    if (auto item = own_field(graph, *entity, name, arguments)) return *item;
    return plain_field(*entity, name);
  };
  return Item::of(std::move(out));
}

graphql::Item connection_of(std::vector<Item> all, json::Value arguments) {
  constexpr std::int64_t kDefault = 500;
  constexpr std::int64_t kMost = 5000;
  const std::size_t total = all.size();
  const std::int64_t first =
      std::clamp<std::int64_t>(arguments["first"].integer().value_or(kDefault), 0, kMost);
  const std::string after = arguments["after"].text();
  const std::size_t start =
      after.starts_with("cursor-")
          ? std::min<std::size_t>(total, parse_u64(std::string_view(after).substr(7)).value_or(0))
          : 0;
  const std::size_t end = std::min(total, start + static_cast<std::size_t>(first));
  std::vector<Item> edges;
  for (std::size_t i = start; i < end; ++i) {
    Object edge;
    edge.type = "Edge";
    edge.is = [](std::string_view) { return false; };
    edge.get = [node = std::move(all[i]), i](std::string_view name, json::Value) {
      if (name == "node") return node;
      return name == "cursor" ? Item::text("cursor-" + std::to_string(i + 1)) : Item();
    };
    edges.push_back(Item::of(std::move(edge)));
  }
  Object out;
  out.type = "Connection";
  out.is = [](std::string_view) { return true; };  // such as `on ReportConnection`
  out.get = [edges = std::move(edges), start, end, total](std::string_view name, json::Value) {
    if (name == "edges") return Item::list(edges);
    if (name != "pageInfo") return Item();
    return members("PageInfo", {{"endCursor", json::quote("cursor-" + std::to_string(end))},
                                {"startCursor", json::quote("cursor-" + std::to_string(start))},
                                {"hasNextPage", end < total ? "true" : "false"},
                                {"hasPreviousPage", start > 0 ? "true" : "false"},
                                {"globalCount", std::to_string(total)}});
  };
  return Item::of(std::move(out));
}

graphql::Item connection(const Graph& graph, const std::vector<const Entity*>& all,
                         json::Value arguments) {
  std::vector<Item> items;
  items.reserve(all.size());
  for (const Entity* entity : all) items.push_back(object_of(graph, entity));
  return connection_of(std::move(items), arguments);
}

graphql::Item json_object(json::Value value) {
  if (value.is_array()) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < value.size(); ++i) items.push_back(json_object(value.at(i)));
    return Item::list(std::move(items));
  }
  if (!value.is_object()) return Item::raw(value.missing() ? "null" : value.dump());
  Object out;
  out.type = "Object";
  out.is = [](std::string_view) { return true; };
  out.get = [value](std::string_view name, json::Value) { return json_object(value[name]); };
  return Item::of(std::move(out));
}

}  // namespace socbridge::sandbox::opencti
