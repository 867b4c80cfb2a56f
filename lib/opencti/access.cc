// SPDX-License-Identifier: Apache-2.0
#include "opencti/access.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/writer.h"
#include "opencti/queries.h"

namespace socbridge::opencti {
namespace {

std::vector<Named> named(json::Value list, std::string_view name) {
  std::vector<Named> out;
  for (std::size_t i = 0; i < list.size(); ++i)
    out.push_back({list.at(i)["id"].text(), list.at(i)[name].text()});
  return out;
}

// The nodes of a connection.
std::vector<Named> named_nodes(json::Value connection) {
  std::vector<Named> out;
  const json::Value edges = connection["edges"];
  for (std::size_t i = 0; i < edges.size(); ++i)
    out.push_back({edges.at(i)["node"]["id"].text(), edges.at(i)["node"]["name"].text()});
  return out;
}

template <typename F>
void each_node(json::Value connection, F function) {
  const json::Value edges = connection["edges"];
  for (std::size_t i = 0; i < edges.size(); ++i) function(edges.at(i)["node"]);
}

template <typename T>
const T* by_name(const std::vector<T>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const T& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

StreamCollection read_stream(json::Value node) {
  StreamCollection out;
  out.id = node["id"].text();
  out.name = node["name"].text();
  out.filters = node["filters"].text();
  out.live = node["stream_live"].boolean().value_or(false);
  out.open_to_all = node["stream_public"].boolean().value_or(false);
  const json::Value members = node["authorized_members"];
  for (std::size_t i = 0; i < members.size(); ++i)
    out.members.push_back(
        {members.at(i)["member_id"].text(), members.at(i)["access_right"].text()});
  return out;
}

AccessState read_state(json::Value data) {
  AccessState out;
  out.capabilities = named_nodes(data["capabilities"]);
  each_node(data["roles"], [&](json::Value node) {
    out.roles.push_back(
        {node["id"].text(), node["name"].text(), named(node["capabilities"], "name")});
  });
  each_node(data["groups"], [&](json::Value node) {
    out.groups.push_back({node["id"].text(), node["name"].text(),
                          named(node["allowed_marking"], "definition"),
                          named_nodes(node["roles"])});
  });
  each_node(data["users"], [&](json::Value node) {
    out.users.push_back({node["id"].text(), node["user_email"].text(),
                         node["account_status"].text(), named_nodes(node["groups"])});
  });
  each_node(data["markingDefinitions"], [&](json::Value node) {
    out.markings.push_back({node["id"].text(), node["definition_type"].text(),
                            node["definition"].text(),
                            node["x_opencti_order"].integer().value_or(0)});
  });
  each_node(data["streamCollections"],
            [&](json::Value node) { out.streams.push_back(read_stream(node)); });
  return out;
}

// {"id":…,"input":[{"key":K,"value":[V]},…]}
std::string patch(const std::string& id,
                  std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  json::Writer w;
  w.begin_object();
  w.member("id", id);
  w.key("input");
  w.begin_array();
  for (const auto& [key, value] : fields) {
    w.begin_object();
    w.member("key", key);
    w.key("value");
    w.begin_array();
    w.raw(value);
    w.end_array();
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

Result<std::string> id_of(const Result<json::Document>& answer, std::string_view field) {
  if (!answer.ok()) return answer.status();
  std::string id = answer->root()["data"][field]["id"].text();
  if (!id.empty()) return id;
  return Status::error(ExitCode::refused, "OpenCTI: the answer has no id of the new object",
                       "look for it in OpenCTI, then run this again");
}

Result<Secret> token_of(const Result<json::Document>& answer, json::Value (*find)(json::Value)) {
  if (!answer.ok()) return answer.status();
  return Secret(find(answer->root()["data"]).text());
}

}  // namespace

const Role* AccessState::role(std::string_view name) const { return by_name(roles, name); }
const Group* AccessState::group(std::string_view name) const { return by_name(groups, name); }
const Marking* AccessState::marking(std::string_view name) const { return by_name(markings, name); }
const StreamCollection* AccessState::stream(std::string_view name) const {
  return by_name(streams, name);
}

const User* AccessState::user(std::string_view email) const {
  const auto found = std::find_if(users.begin(), users.end(),
                                  [&](const User& one) { return iequals(one.email, email); });
  return found == users.end() ? nullptr : &*found;
}

std::string AccessState::capability_id(std::string_view name) const {
  const Named* found = by_name(capabilities, name);
  return found == nullptr ? std::string() : found->id;
}

Result<json::Document> Access::mutate(std::string_view what, std::string_view document,
                                      std::string variables, const Deadline& deadline) {
  return client_->query(what, queries::text(document), variables, deadline, Operation::mutation);
}

Status Access::relate(const Mutation& mutation, const std::string& id, std::string_view kind,
                      const std::string& to, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("id", id);
  w.key("input");
  w.begin_object();
  w.member("relationship_type", kind);
  w.member("toId", to);
  w.end_object();
  w.end_object();
  const auto answer = mutate(mutation.what, mutation.document, std::move(w).take(), deadline);
  return answer.ok() ? Status() : answer.status();
}

Status Access::unrelate(const Mutation& mutation, const std::string& id, std::string_view kind,
                        const std::string& to, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("id", id);
  w.member("to", to);
  w.member("type", kind);
  w.end_object();
  const auto answer = mutate(mutation.what, mutation.document, std::move(w).take(), deadline);
  return answer.ok() ? Status() : answer.status();
}

Result<AccessState> Access::state(std::string_view email, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("email", email);
  w.end_object();
  const auto answer = client_->query("asking OpenCTI for roles, groups and users",
                                     queries::text("access-state"), std::move(w).take(), deadline);
  if (!answer.ok()) return answer.status();
  return read_state(answer->root()["data"]);
}

Result<std::string> Access::add_role(std::string_view name, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.key("input");
  w.begin_object();
  w.member("name", name);
  w.member("description", "Made by socctl setup opencti");
  w.end_object();
  w.end_object();
  return id_of(mutate("making the role in OpenCTI", "role-add", std::move(w).take(), deadline),
               "roleAdd");
}

Status Access::grant_capability(const std::string& role, const std::string& capability,
                                const Deadline& deadline) {
  return relate({"giving the role a capability in OpenCTI", "role-grant"}, role, "has-capability",
                capability, deadline);
}

Status Access::revoke_capability(const std::string& role, const std::string& capability,
                                 const Deadline& deadline) {
  return unrelate({"taking a capability from the role in OpenCTI", "role-revoke"}, role,
                  "has-capability", capability, deadline);
}

Result<std::string> Access::add_group(std::string_view name, const Deadline& deadline) {
  constexpr int kMostConfidence = 100;
  json::Writer w;
  w.begin_object();
  w.key("input");
  w.begin_object();
  w.member("name", name);
  w.member("description", "Made by socctl setup opencti");
  w.member("default_assignation", false);
  w.member("auto_new_marking", false);
  w.key("group_confidence_level");
  w.begin_object();
  w.member("max_confidence", kMostConfidence);
  w.key("overrides");
  w.raw("[]");
  w.end_object();
  w.end_object();
  w.end_object();
  return id_of(mutate("making the group in OpenCTI", "group-add", std::move(w).take(), deadline),
               "groupAdd");
}

Status Access::grant_role(const std::string& group, const std::string& role,
                          const Deadline& deadline) {
  return relate({"giving the group its role in OpenCTI", "group-grant"}, group, "has-role", role,
                deadline);
}

Status Access::grant_marking(const std::string& group, const std::string& marking,
                             const Deadline& deadline) {
  return relate({"giving the group a marking in OpenCTI", "group-grant"}, group, "accesses-to",
                marking, deadline);
}

Status Access::revoke_marking(const std::string& group, const std::string& marking,
                              const Deadline& deadline) {
  return unrelate({"taking a marking from the group in OpenCTI", "group-revoke"}, group,
                  "accesses-to", marking, deadline);
}

Result<std::string> Access::add_user(std::string_view email, const std::string& group,
                                     const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.key("input");
  w.begin_object();
  w.member("user_email", email);
  w.member("name", "socbridge");
  w.member("description", "Made by socctl setup opencti");
  w.member("prevent_default_groups", true);
  w.key("groups");
  w.begin_array();
  w.value(group);
  w.end_array();
  w.end_object();
  w.end_object();
  return id_of(mutate("making the user in OpenCTI", "user-add", std::move(w).take(), deadline),
               "userAdd");
}

Status Access::join(const std::string& user, const std::string& group, const Deadline& deadline) {
  return relate({"putting the user into the group in OpenCTI", "user-join"}, user, "member-of",
                group, deadline);
}

Status Access::activate(const std::string& user, const Deadline& deadline) {
  const auto answer = mutate("activating the user in OpenCTI", "user-change",
                             patch(user, {{"account_status", R"("Active")"}}), deadline);
  return answer.ok() ? Status() : answer.status();
}

Result<Secret> Access::token(const std::string& user, const Deadline& deadline) {
  const auto answer =
      client_->query("reading the user's token in OpenCTI", queries::text("user-token"),
                     "{\"id\":" + json::quote(user) + "}", deadline);
  return token_of(answer, [](json::Value data) { return data["user"]["api_token"]; });
}

Result<Secret> Access::renew_token(const std::string& user, const Deadline& deadline) {
  const auto answer = mutate("making the user's token in OpenCTI", "token-renew",
                             "{\"id\":" + json::quote(user) + "}", deadline);
  return token_of(answer,
                  [](json::Value data) { return data["userEdit"]["tokenRenew"]["api_token"]; });
}

Result<std::string> Access::add_stream(std::string_view name, std::string_view filters,
                                       const std::string& group, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.key("input");
  w.begin_object();
  w.member("name", name);
  w.member("description", "Made by socctl setup opencti");
  w.member("filters", filters);
  w.member("stream_live", true);
  w.member("stream_public", false);
  w.key("authorized_members");
  w.begin_array();
  w.begin_object();
  w.member("id", group);
  w.member("access_right", "view");
  w.end_object();
  w.end_array();
  w.end_object();
  w.end_object();
  return id_of(mutate("making the stream in OpenCTI", "stream-add", std::move(w).take(), deadline),
               "streamCollectionAdd");
}

Status Access::set_stream(const std::string& stream, std::string_view filters,
                          const Deadline& deadline) {
  const auto answer = mutate("changing the stream in OpenCTI", "stream-change",
                             patch(stream, {{"filters", json::quote(filters)},
                                            {"stream_live", "true"},
                                            {"stream_public", "false"}}),
                             deadline);
  return answer.ok() ? Status() : answer.status();
}

}  // namespace socbridge::opencti
