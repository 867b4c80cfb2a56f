// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "http/service.h"

namespace socbridge::thehive {

// Users, profiles, organisations and definitions of TheHive 4 and 5, with the rights of an
// administrator (docs/protocols/thehive.md, "Administration"). Not thread safe, like its client.
class Admin {
 public:
  struct Who {
    std::string login, organisation;
    std::vector<std::string> permissions;
  };
  struct User {
    std::string login, organisation, profile;  // profile: in the organisation asked for
    bool has_key = false, locked = false;
  };
  struct Profile {
    std::string name;
    std::vector<std::string> permissions;
  };
  struct Definition {  // of an observable type or a custom field
    std::string name, type;
  };

  // `http` must outlive this. If `login` is not empty, `key` is its password, sent as Basic.
  Admin(http::Client& http, std::string url, std::string login, Secret key);

  // The owner of the key. Errors of all functions are those of http::Service.
  Result<Who> whoami(const Deadline& deadline);

  Result<bool> has_organisation(std::string_view name, const Deadline& deadline);
  Status add_organisation(std::string_view name, const Deadline& deadline);

  Result<std::optional<Profile>> profile(std::string_view name, const Deadline& deadline);
  Status add_profile(const Profile& profile, const Deadline& deadline);
  Status set_permissions(const Profile& profile, const Deadline& deadline);

  // The user as a member of that organisation, or empty.
  Result<std::optional<User>> user(std::string_view login, std::string_view organisation,
                                   const Deadline& deadline);
  // Creates the user, or adds an existing user to the organisation.
  Status add_user(const User& user, const Deadline& deadline);
  Status set_profile(const User& user, const Deadline& deadline);

  // Empty if the user has no key or this TheHive does not show it.
  Result<Secret> key(std::string_view login, const Deadline& deadline);
  // Creates a new key; the old one becomes invalid.
  Result<Secret> renew_key(std::string_view login, const Deadline& deadline);

  Result<std::vector<Definition>> observable_types(const Deadline& deadline);
  Status add_observable_type(std::string_view name, const Deadline& deadline);
  Result<std::vector<Definition>> custom_fields(const Deadline& deadline);
  Status add_custom_field(const Definition& field, const Deadline& deadline);

 private:
  // The answer, or empty if TheHive says that the object does not exist.
  Result<std::optional<json::Document>> find(const std::string& path, const Deadline& deadline);
  Status send(std::string_view what, std::string method, const std::string& path, std::string body,
              const Deadline& deadline);
  Result<Secret> read_key(std::string_view what, const http::Outcome& outcome);
  http::Service service_;
};

}  // namespace socbridge::thehive
