// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/root.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "json/writer.h"
#include "soc-sandbox/opencti/filters.h"
#include "soc-sandbox/opencti/objects.h"
#include "soc-sandbox/opencti/rights.h"

namespace socbridge::sandbox::opencti {
namespace {

using graphql::Item;

std::vector<std::string> texts_of(json::Value value) {
  if (!value.is_array()) {
    const std::string one = value.text();
    return one.empty() ? std::vector<std::string>() : std::vector<std::string>{one};
  }
  return value.texts();
}

bool of_types(const Entity& entity, const std::vector<std::string>& types) {
  return types.empty() || std::any_of(types.begin(), types.end(), [&](const std::string& type) {
           return type_is(entity, type);
         });
}

Item refused(const Refusal& why) {
  Item out = Item::failed(why.code, why.message);
  out.data = why.data;
  return out;
}

// All entities of a kind that pass `types` and `filters`, newest first if requested.
Item filtered(const Graph& graph, std::string_view kind, json::Value arguments) {
  const json::Value filters = arguments["filters"];
  if (const auto bad = check_filters(filters)) return refused(*bad);
  const auto types = texts_of(arguments["types"]);
  std::vector<const Entity*> out;
  const Filters wanted(filters);
  for (const Entity& entity : graph.all()) {
    if (type_is(entity, kind) && of_types(entity, types) && wanted.passes(graph, entity)) {
      out.push_back(&entity);
    }
  }
  if (arguments["orderMode"].text() == "desc") std::reverse(out.begin(), out.end());
  return connection(graph, out, arguments);
}

Item one_of(const Graph& graph, std::string_view kind, json::Value arguments) {
  const Entity* found = graph.find(arguments["id"].text());
  if (found != nullptr && !type_is(*found, kind)) found = nullptr;
  return object_of(graph, found);
}

bool any_id(const std::vector<std::string>& ids, const Entity* end) {
  return end != nullptr && std::find(ids.begin(), ids.end(), end->id) != ids.end();
}

// Ends are matched by UUID only, like on the platform (docs/protocols/opencti.md, "Relationships").
Item core_relationships(const Graph& graph, json::Value arguments) {
  const auto either = texts_of(arguments["fromOrToId"]);
  const auto from_ids = texts_of(arguments["fromId"]);
  const auto to_ids = texts_of(arguments["toId"]);
  const auto kinds = texts_of(arguments["relationship_type"]);
  const auto neighbours = texts_of(arguments["elementWithTargetTypes"]);
  std::vector<const Entity*> out;
  for (const Entity& link : graph.all()) {
    if (!link.is_relationship()) continue;
    const Entity* from = graph.find(link.from());
    const Entity* to = graph.find(link.to());
    if (!either.empty() && !any_id(either, from) && !any_id(either, to)) continue;
    if (!from_ids.empty() && !any_id(from_ids, from)) continue;
    if (!to_ids.empty() && !any_id(to_ids, to)) continue;
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), link.type) == kinds.end()) continue;
    const bool near = (from != nullptr && of_types(*from, neighbours)) ||
                      (to != nullptr && of_types(*to, neighbours));
    if (near) out.push_back(&link);
  }
  return connection(graph, out, arguments);
}

Item sightings(const Graph& graph, json::Value arguments) {
  const auto end_is = [&](const char* argument, const std::string& stix_id) {
    const std::string wanted = arguments[argument].text();
    if (wanted.empty()) return true;
    const Entity* entity = graph.find(wanted);
    // By UUID only, like relationships.
    return entity != nullptr && entity->id == wanted && entity->standard_id == stix_id;
  };
  std::vector<const Entity*> out;
  for (const Entity& one : graph.all()) {
    if (one.is_sighting() && end_is("fromId", one.from()) && end_is("toId", one.to())) {
      out.push_back(&one);
    }
  }
  return connection(graph, out, arguments);
}

Item works(json::Value settings, json::Value arguments) {
  if (const auto bad = check_filters(arguments["filters"])) return refused(*bad);
  std::string connector;
  const json::Value filters = arguments["filters"]["filters"];
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (filters.at(i)["key"].at(0).text() == "connector_id") {
      connector = filters.at(i)["values"].at(0).text();
    }
  }
  std::vector<Item> out;
  const json::Value all = settings["works"];
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (connector.empty() || all.at(i)["connector_id"].text() == connector) {
      out.push_back(json_object(all.at(i)));
    }
  }
  return connection_of(std::move(out), arguments);
}

// Its works are its own, or those of the settings with its id.
Item connector(json::Value settings, json::Value of) {
  graphql::Object out;
  out.type = "Connector";
  out.is = [](std::string_view kind) { return kind == "Connector"; };
  out.get = [settings, of](std::string_view name, json::Value) {
    if (name != "works" || of["works"].is_array()) return json_object(of[name]);
    std::vector<Item> works;
    const json::Value all = settings["works"];
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all.at(i)["connector_id"].text() == of["id"].text()) {
        works.push_back(json_object(all.at(i)));
      }
    }
    return Item::list(std::move(works));
  };
  return Item::of(std::move(out));
}

// Each version is read live: if one service is down, `about` becomes null.
Item dependencies(json::Value settings) {
  if (!may(settings, "SETTINGS_SETPARAMETERS")) {
    Item out = Item::failed("FORBIDDEN_ACCESS", "You are not allowed to do this.");
    out.null_parents = 1;
    return out;
  }
  // Parsed once; views into it stay valid.
  static const auto document =
      json::Document::parse(R"([{"name":"Search engine","version":"elk - 8.19.2"},)"
                            R"({"name":"RabbitMQ","version":"4.1.4"},)"
                            R"({"name":"Redis","version":"8.2.1"}])");
  if (settings["search_engine"].text() != "down") return json_object(document->root());
  graphql::Object engine;
  engine.type = "Dependency";
  engine.is = [](std::string_view) { return true; };
  engine.get = [](std::string_view name, json::Value) {
    if (name == "name") return Item::text("Search engine");
    Item out = Item::failed("CONFIGURATION_ERROR", "Search engine seems down");
    out.data = R"({"cause":{"name":"ConnectionError"}})";
    out.null_parents = 2;
    return out;
  };
  return Item::list({Item::of(std::move(engine))});
}

// The default user.
Item me(json::Value given) {
  static const auto document = json::Document::parse(
      R"({"id":"88ec0c6a-13ce-5e39-b486-354fe4a7084f","name":"socctl",)"
      R"("user_email":"socctl@sandbox.test","account_status":"Active",)"
      R"("capabilities":[{"name":"BYPASS"}],"allowed_marking":[],"draftContext":null})");
  return json_object(given.is_object() ? given : document->root());
}

Item about(json::Value settings, const std::string& version) {
  graphql::Object out;
  out.type = "AppInfo";
  out.is = [](std::string_view kind) { return kind == "AppInfo"; };
  out.get = [settings, version](std::string_view name, json::Value) {
    if (name == "version") return Item::text(version);
    return name == "dependencies" ? dependencies(settings) : Item();
  };
  return Item::of(std::move(out));
}

std::string version_of(json::Value settings) {
  const std::string own = settings["version"].text();
  return own.empty() ? "6.8.10" : own;
}

}  // namespace

graphql::Item resolve_query(const Graph& graph, json::Value settings, std::string_view name,
                            json::Value arguments) {
  if (name == "me") return me(settings["me"]);
  if (name == "about") return about(settings, version_of(settings));
  if (name == "stixCyberObservables") return filtered(graph, "Stix-Cyber-Observable", arguments);
  if (name == "stixCyberObservable") return one_of(graph, "Stix-Cyber-Observable", arguments);
  if (name == "indicators") return filtered(graph, "Indicator", arguments);
  if (name == "indicator") return one_of(graph, "Indicator", arguments);
  if (name == "system") return one_of(graph, "System", arguments);
  if (name == "reports") return filtered(graph, "Report", arguments);
  if (name == "stixCoreRelationships") return core_relationships(graph, arguments);
  if (name == "stixSightingRelationships") return sightings(graph, arguments);
  if (name == "connectors") {
    std::vector<Item> out;
    const json::Value list = settings["connectors"];
    for (std::size_t i = 0; i < list.size(); ++i) out.push_back(connector(settings, list.at(i)));
    return Item::list(std::move(out));
  }
  if (name == "works") return works(settings, arguments);
  if (name == "rabbitMQMetrics") return json_object(settings["queues"]);
  if (name == "redisStreamInfo") return json_object(settings["redis"]);
  return {};
}

}  // namespace socbridge::sandbox::opencti
