// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/access.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "hash/digest.h"
#include "json/writer.h"
#include "soc-sandbox/opencti/access_fields.h"
#include "soc-sandbox/opencti/objects.h"

namespace socbridge::sandbox::opencti {
namespace {

using graphql::Item;

std::string list_of(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out += (out.size() > 1 ? "," : "") + item;
  return out + "]";
}

std::string edges_of(const std::vector<std::string>& nodes) {
  std::string out = "{\"edges\":[";
  for (std::size_t i = 0; i < nodes.size(); ++i)
    out += std::string(i == 0 ? "" : ",") + "{\"node\":" + nodes[i] + "}";
  return out + "]}";
}

std::string named_json(std::string_view id, std::string_view name) {
  return "{\"id\":" + json::quote(id) + ",\"name\":" + json::quote(name) + "}";
}

}  // namespace

Access::Access(std::string admin_token) {
  const auto role = [&](const char* name, std::initializer_list<const char*> capabilities) {
    const std::string id = new_id();
    roles_[id].name = name;
    for (const char* one : capabilities) roles_[id].capabilities.insert(capability_id(one));
    return id;
  };
  const std::string reader = role("Default", {"KNOWLEDGE"});
  const std::string admin = role("Administrator", {"BYPASS"});
  const std::string standard = new_id(), admins = new_id();
  groups_[standard] = {"Default", {reader}, {}, true};
  groups_[admins] = {"Administrators", {admin}, {}, false};
  if (admin_token.empty()) return;
  users_[new_id()] = {"admin@opencti.io", "admin", std::move(admin_token), "Active", {admins}};
}

// A new UUID.
std::string Access::new_id() {
  const std::string hex = sha256_hex("sandbox_access_" + std::to_string(++made_));
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) + "-a" +
         hex.substr(17, 3) + "-" + hex.substr(20, 12);
}

std::set<std::string, std::less<>> Access::capabilities_of(const User& user) const {
  std::set<std::string, std::less<>> out;
  for (const std::string& group : user.groups) {
    for (const std::string& role : groups_.at(group).roles) {
      for (const std::string& one : roles_.at(role).capabilities) out.insert(capability_name(one));
    }
  }
  return out;
}

std::string Access::me(const Graph& graph, Text token) const {
  for (const auto& [id, user] : users_) {
    if (token.empty() || user.token != token || user.status != "Active") continue;
    std::vector<std::string> capabilities, markings;
    for (const std::string& one : capabilities_of(user))
      capabilities.push_back("{\"name\":" + json::quote(one) + "}");
    for (const std::string& group : user.groups) {
      for (const std::string& one : groups_.at(group).markings) {
        for (const MarkingView& seen : markings_to(graph, one))
          markings.push_back("{\"definition\":" + json::quote(seen.name) + "}");
      }
    }
    const bool admin = user.email == "admin@opencti.io";
    if (admin) {
      for (const MarkingView& seen : all_markings(graph))
        markings.push_back("{\"definition\":" + json::quote(seen.name) + "}");
    }
    return "{\"id\":" + json::quote(id) + ",\"name\":" + json::quote(user.name) +
           ",\"user_email\":" + json::quote(user.email) +
           ",\"account_status\":\"Active\",\"capabilities\":" + list_of(capabilities) +
           ",\"allowed_marking\":" + list_of(markings) + ",\"draftContext\":null}";
  }
  return {};
}

bool Access::may_read(Text token, Text stream) const {
  const auto found = streams_.find(stream);
  if (found == streams_.end() || !found->second.live) return false;
  for (const auto& [id, user] : users_) {
    if (token.empty() || user.token != token || user.status != "Active") continue;
    const auto capabilities = capabilities_of(user);
    if (capabilities.count("BYPASS") != 0) return true;
    const bool may = std::any_of(capabilities.begin(), capabilities.end(), [](const auto& one) {
      return one.find("TAXIIAPI") != std::string::npos;
    });
    const bool member = std::any_of(found->second.members.begin(), found->second.members.end(),
                                    [&, &me = id, &groups = user.groups](const std::string& one) {
                                      return one == me || groups.count(one) != 0;
                                    });
    return may && (member || found->second.members.empty());
  }
  return false;
}

std::string Access::role_json(const std::string& id, const Role& role) const {
  std::vector<std::string> capabilities;
  for (const std::string& one : role.capabilities)
    capabilities.push_back(named_json(one, capability_name(one)));
  return "{\"id\":" + json::quote(id) + ",\"name\":" + json::quote(role.name) +
         ",\"capabilities\":" + list_of(capabilities) + "}";
}

std::string Access::group_json(const Graph& graph, const std::string& id,
                               const Group& group) const {
  std::vector<std::string> roles, markings;
  for (const std::string& one : group.roles) roles.push_back(named_json(one, roles_.at(one).name));
  for (const MarkingView& seen : all_markings(graph)) {
    if (group.markings.count(seen.id) == 0) continue;
    markings.push_back("{\"id\":" + json::quote(seen.id) +
                       ",\"definition\":" + json::quote(seen.name) + "}");
  }
  return "{\"id\":" + json::quote(id) + ",\"name\":" + json::quote(group.name) +
         ",\"allowed_marking\":" + list_of(markings) + ",\"roles\":" + edges_of(roles) + "}";
}

std::string Access::user_json(const std::string& id, const User& user) const {
  std::vector<std::string> groups;
  for (const std::string& one : user.groups)
    groups.push_back(named_json(one, groups_.at(one).name));
  return "{\"id\":" + json::quote(id) + ",\"name\":" + json::quote(user.name) +
         ",\"user_email\":" + json::quote(user.email) +
         ",\"account_status\":" + json::quote(user.status) +
         ",\"api_token\":" + json::quote(user.token) + ",\"groups\":" + edges_of(groups) + "}";
}

std::string Access::stream_json(const std::string& id, const Stream& stream) const {
  std::vector<std::string> members;
  for (const std::string& one : stream.members)
    members.push_back("{\"member_id\":" + json::quote(one) + R"(,"access_right":"view"})");
  return "{\"id\":" + json::quote(id) + ",\"name\":" + json::quote(stream.name) +
         ",\"description\":\"\",\"filters\":" + json::quote(stream.filters) +
         ",\"stream_live\":" + (stream.live ? "true" : "false") +
         ",\"stream_public\":" + (stream.open_to_all ? "true" : "false") +
         ",\"authorized_members\":" + list_of(members) + "}";
}

std::vector<std::string> Access::streams(Text token, bool all) const {
  std::vector<std::string> out;
  for (const auto& [id, stream] : streams_) {
    if (all || may_read(token, id)) out.push_back(stream_json(id, stream));
  }
  return out;
}

std::optional<Item> Access::query(const Graph& graph, Text name, json::Value arguments) const {
  std::vector<Item> nodes;
  const std::string search = ascii_lower(arguments["search"].text());
  const auto add = [&](const std::string& text, const std::string& json) {
    if (search.empty() || ascii_lower(text).find(search) != std::string::npos)
      nodes.push_back(owned_object(json));
  };
  if (name == "roles") {
    for (const auto& [id, role] : roles_) add(role.name, role_json(id, role));
  } else if (name == "groups") {
    for (const auto& [id, group] : groups_) add(group.name, group_json(graph, id, group));
  } else if (name == "users") {
    for (const auto& [id, user] : users_) add(user.email, user_json(id, user));
  } else if (name == "capabilities") {
    for (const char* one : capability_names()) add(one, named_json(capability_id(one), one));
  } else if (name == "markingDefinitions") {
    for (const MarkingView& seen : all_markings(graph)) add(seen.name, seen.json());
  } else if (name == "user") {
    const auto found = users_.find(arguments["id"].text());
    return found == users_.end() ? Item::null()
                                 : owned_object(user_json(found->first, found->second));
  } else {
    return std::nullopt;
  }
  return connection_of(std::move(nodes), arguments);
}

std::optional<Item> Access::mutate(const Graph&, Text name, json::Value arguments) {
  const json::Value input = arguments["input"];
  const std::string id = arguments["id"].text();
  if (name == "roleAdd") return add_role(input);
  if (name == "groupAdd") return add_group(input);
  if (name == "userAdd") return add_user(input);
  if (name == "streamCollectionAdd") return add_stream(input);
  if (name == "roleEdit") return edit_role(id);
  if (name == "groupEdit") return edit_group(id);
  if (name == "userEdit") return edit_user(id);
  if (name == "streamCollectionEdit") return edit_stream(id);
  return std::nullopt;
}

Item Access::add_role(json::Value input) {
  const std::string name = input["name"].text();
  if (name.size() < 2) return Item::failed("VALIDATION_ERROR", "Validation error on name");
  for (const auto& [id, role] : roles_) {
    if (role.name == name) return owned_object(role_json(id, role));  // an existing one is returned
  }
  const std::string id = new_id();
  roles_[id].name = name;
  return owned_object(role_json(id, roles_[id]));
}

Item Access::add_group(json::Value input) {
  const std::string name = input["name"].text();
  if (name.size() < 2 || !input["group_confidence_level"].is_object())
    return Item::failed("VALIDATION_ERROR", "Validation error on name");
  const std::string id = new_id();
  groups_[id].name = name;
  return owned_object(named_json(id, name));
}

Item Access::add_user(json::Value input) {
  const std::string email = ascii_lower(input["user_email"].text());
  if (email.find('@') == std::string::npos || input["name"].text().size() < 2)
    return Item::failed("VALIDATION_ERROR", "Validation error on user_email");
  for (const auto& [id, user] : users_) {
    if (user.email == email) return Item::failed("FUNCTIONAL_ERROR", "User already exists");
  }
  const std::string id = new_id();
  User user{email, input["name"].text(), new_id(), "Active", {}};
  const json::Value groups = input["groups"];
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups_.count(groups.at(i).text()) != 0) user.groups.insert(groups.at(i).text());
  }
  if (!input["prevent_default_groups"].boolean().value_or(false)) {
    for (const auto& [group, value] : groups_) {
      if (value.is_default) user.groups.insert(group);
    }
  }
  users_[id] = std::move(user);
  return owned_object(user_json(id, users_[id]));
}

Item Access::add_stream(json::Value input) {
  const std::string name = input["name"].text();
  if (name.size() < 2) return Item::failed("VALIDATION_ERROR", "Validation error on name");
  const auto filters = json::Document::parse(input["filters"].text());
  if (!filters.ok() || !filters->root()["filterGroups"].is_array())
    return Item::failed("UNSUPPORTED_ERROR", "Incorrect filters format");
  const std::string id = new_id();
  Stream& stream = streams_[id];
  stream.name = name;
  stream.filters = input["filters"].text();
  stream.live = input["stream_live"].boolean().value_or(false);
  stream.open_to_all = input["stream_public"].boolean().value_or(false);
  const json::Value members = input["authorized_members"];
  for (std::size_t i = 0; i < members.size(); ++i)
    stream.members.push_back(members.at(i)["id"].text());
  return owned_object(stream_json(id, stream));
}

Item Access::edit_role(const std::string& id) {
  const auto found = roles_.find(id);
  if (found == roles_.end())
    return Item::failed("FUNCTIONAL_ERROR", "Cannot add the relation, Role cannot be found.");
  Role& role = found->second;
  return edit_object([this, &role, id](Text field, json::Value arguments) -> std::optional<Item> {
    if (field == "relationAdd" &&
        arguments["input"]["relationship_type"].text() == "has-capability") {
      const std::string to = arguments["input"]["toId"].text();
      if (capability_name(to).empty())
        return Item::failed("MISSING_REFERENCE_ERROR", "Element(s) not found");
      role.capabilities.insert(to);
      return owned_object(named_json(new_id(), ""));
    }
    if (field != "relationDelete") return std::nullopt;
    role.capabilities.erase(arguments["toId"].text());
    return owned_object(role_json(id, role));
  });
}

Item Access::edit_group(const std::string& id) {
  const auto found = groups_.find(id);
  if (found == groups_.end())
    return Item::failed("FUNCTIONAL_ERROR", "Cannot add the relation, Group cannot be found.");
  Group& group = found->second;
  return edit_object([this, &group, id](Text field, json::Value arguments) -> std::optional<Item> {
    if (field == "relationAdd") {
      const std::string kind = arguments["input"]["relationship_type"].text();
      const std::string to = arguments["input"]["toId"].text();
      if (kind == "has-role" && roles_.count(to) == 0)
        return Item::failed("MISSING_REFERENCE_ERROR", "Element(s) not found");
      if (kind != "has-role" && kind != "accesses-to")
        return Item::failed("FUNCTIONAL_ERROR", "Only stix-core can be added through this method.");
      (kind == "has-role" ? group.roles : group.markings).insert(to);
      return owned_object(named_json(new_id(), ""));
    }
    if (field != "relationDelete") return std::nullopt;
    const bool role = arguments["relationship_type"].text() == "has-role";
    (role ? group.roles : group.markings).erase(arguments["toId"].text());
    return owned_object(named_json(id, group.name));
  });
}

Item Access::edit_user(const std::string& id) {
  const auto found = users_.find(id);
  if (found == users_.end())
    return Item::failed("FUNCTIONAL_ERROR", "Cannot add the relation, User cannot be found.");
  User& user = found->second;
  return edit_object([this, &user, id](Text field, json::Value arguments) -> std::optional<Item> {
    if (field == "relationAdd") {
      const std::string to = arguments["input"]["toId"].text();
      if (groups_.count(to) == 0)
        return Item::failed("MISSING_REFERENCE_ERROR", "Element(s) not found");
      user.groups.insert(to);
      return owned_object(named_json(new_id(), ""));
    }
    if (field == "tokenRenew") {
      user.token = new_id();
    } else if (field == "fieldPatch") {
      const json::Value all = arguments["input"];
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (all.at(i)["key"].text() == "account_status")
          user.status = all.at(i)["value"].at(0).text();
      }
    } else if (field == "delete") {
      users_.erase(id);
      return Item::text(id);
    } else {
      return std::nullopt;
    }
    return owned_object(user_json(id, user));
  });
}

Item Access::edit_stream(const std::string& id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return Item::failed("FUNCTIONAL_ERROR", "Stream cannot be found.");
  Stream& stream = found->second;
  return edit_object([this, &stream, id](Text field, json::Value arguments) -> std::optional<Item> {
    if (field != "fieldPatch") return std::nullopt;
    const json::Value all = arguments["input"];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string key = all.at(i)["key"].text();
      const json::Value value = all.at(i)["value"].at(0);
      const bool yes = value.boolean().value_or(value.text() == "true");
      if (key == "filters") stream.filters = value.text();
      if (key == "stream_live") stream.live = yes;
      if (key == "stream_public") stream.open_to_all = yes;
    }
    return owned_object(stream_json(id, stream));
  });
}

}  // namespace socbridge::sandbox::opencti
