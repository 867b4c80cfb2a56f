// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/opencti/execute.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// Roles, groups, users and live streams that are created at run time (docs/protocols/opencti.md,
// "Access"). Not thread-safe: the platform holds a lock.
class Access {
 public:
  // Has the built-in roles and groups. `admin_token`: token of the user admin@opencti.io; empty:
  // there is no such user.
  explicit Access(std::string admin_token);

  // The `me` of a token: JSON object as in GraphQL; empty: no active user has the token.
  std::string me(const Graph& graph, std::string_view token) const;
  // Whether the stream was created here, is started, and the token's user may read it.
  bool may_read(std::string_view token, std::string_view stream) const;
  bool has_stream(std::string_view stream) const { return streams_.count(stream) != 0; }

  // Fields of the root for these objects; empty: another field.
  std::optional<graphql::Item> query(const Graph& graph, std::string_view name,
                                     json::Value arguments) const;
  std::optional<graphql::Item> mutate(const Graph& graph, std::string_view name,
                                      json::Value arguments);
  // Nodes of `streamCollections`, each as JSON. `all`: also those that the token's user may not
  // read.
  std::vector<std::string> streams(std::string_view token, bool all) const;

 private:
  struct Role {
    std::string name;
    std::set<std::string, std::less<>> capabilities;  // ids
  };
  struct Group {
    std::string name;
    std::set<std::string, std::less<>> roles, markings;  // ids
    bool is_default = false;
  };
  struct User {
    std::string email, name, token, status = "Active";
    std::set<std::string, std::less<>> groups;  // ids
  };
  struct Stream {
    std::string name, filters;
    bool live = false, open_to_all = false;
    std::vector<std::string> members;  // ids of users and groups
  };
  using Text = std::string_view;

  std::string new_id();
  std::string role_json(const std::string& id, const Role& role) const;
  std::string group_json(const Graph& graph, const std::string& id, const Group& group) const;
  std::string user_json(const std::string& id, const User& user) const;
  std::string stream_json(const std::string& id, const Stream& stream) const;
  std::set<std::string, std::less<>> capabilities_of(const User& user) const;
  graphql::Item edit_role(const std::string& id);
  graphql::Item edit_group(const std::string& id);
  graphql::Item edit_user(const std::string& id);
  graphql::Item edit_stream(const std::string& id);
  graphql::Item add_role(json::Value input);
  graphql::Item add_group(json::Value input);
  graphql::Item add_user(json::Value input);
  graphql::Item add_stream(json::Value input);

  std::map<std::string, Role, std::less<>> roles_;
  std::map<std::string, Group, std::less<>> groups_;
  std::map<std::string, User, std::less<>> users_;
  std::map<std::string, Stream, std::less<>> streams_;
  std::uint64_t made_ = 0;
};

}  // namespace socbridge::sandbox::opencti
