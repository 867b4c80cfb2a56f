// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "opencti/client.h"

namespace socbridge::opencti {

struct Named {
  std::string id, name;
};

// A role with the capabilities of its members.
struct Role {
  std::string id, name;
  std::vector<Named> capabilities;
};
// A group with the markings that its members may see, and its roles.
struct Group {
  std::string id, name;
  std::vector<Named> markings, roles;
};
struct User {
  std::string id, email, status;
  std::vector<Named> groups;
};
struct Marking {
  std::string id, type, name;  // "TLP", "TLP:AMBER"
  std::int64_t order = 0;      // a user with one marking may see all lower ones of its type
};
struct StreamCollection {
  std::string id, name;
  std::string filters;  // a FilterGroup as JSON text, as it is stored
  bool live = false, open_to_all = false;
  std::vector<Named> members;  // id, and the right as name
};

// The roles, groups, users, markings and streams of a platform (docs/protocols/opencti.md,
// "Access").
struct AccessState {
  std::vector<Named> capabilities;
  std::vector<Role> roles;
  std::vector<Group> groups;
  std::vector<User> users;  // those that match `email`
  std::vector<Marking> markings;
  std::vector<StreamCollection> streams;

  const Role* role(std::string_view name) const;
  const Group* group(std::string_view name) const;
  const User* user(std::string_view email) const;  // ASCII case is ignored
  const Marking* marking(std::string_view name) const;
  const StreamCollection* stream(std::string_view name) const;
  std::string capability_id(std::string_view name) const;  // empty: the platform does not have it
};

// Changes the permissions on a platform 6.8. Needs SETTINGS_SETACCESSES, and for streams
// TAXIIAPI_SETCOLLECTIONS. Errors are those of Client::query(). Not thread safe, like its client.
class Access {
 public:
  explicit Access(Client& client) : client_(&client) {}

  Result<AccessState> state(std::string_view email, const Deadline& deadline);

  Result<std::string> add_role(std::string_view name, const Deadline& deadline);
  Status grant_capability(const std::string& role, const std::string& capability,
                          const Deadline& deadline);
  Status revoke_capability(const std::string& role, const std::string& capability,
                           const Deadline& deadline);

  Result<std::string> add_group(std::string_view name, const Deadline& deadline);
  Status grant_role(const std::string& group, const std::string& role, const Deadline& deadline);
  Status grant_marking(const std::string& group, const std::string& marking,
                       const Deadline& deadline);
  Status revoke_marking(const std::string& group, const std::string& marking,
                        const Deadline& deadline);

  Result<std::string> add_user(std::string_view email, const std::string& group,
                               const Deadline& deadline);
  Status join(const std::string& user, const std::string& group, const Deadline& deadline);
  Status activate(const std::string& user, const Deadline& deadline);
  Result<Secret> token(const std::string& user, const Deadline& deadline);
  Result<Secret> renew_token(const std::string& user, const Deadline& deadline);

  // Creates and starts a stream for the members of one group only. Returns its id.
  Result<std::string> add_stream(std::string_view name, std::string_view filters,
                                 const std::string& group, const Deadline& deadline);
  Status set_stream(const std::string& stream, std::string_view filters, const Deadline& deadline);

 private:
  Result<json::Document> mutate(std::string_view what, std::string_view document,
                                std::string variables, const Deadline& deadline);
  struct Mutation {
    std::string_view what, document;  // for people; the file of queries/
  };
  Status relate(const Mutation& mutation, const std::string& id, std::string_view kind,
                const std::string& to, const Deadline& deadline);
  Status unrelate(const Mutation& mutation, const std::string& id, std::string_view kind,
                  const std::string& to, const Deadline& deadline);
  Client* client_;
};

}  // namespace socbridge::opencti
