// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "http/service.h"
#include "json/value.h"

namespace socbridge::cortex {

// Organisations, users and analyzers of Cortex 3 and 4, with the rights of an administrator
// (docs/protocols/cortex.md, "Administration"). Not thread safe, like its client.
class Admin {
 public:
  // Result of the check of the key.
  enum class Ready {
    yes,
    no_index,  // 520: the index has not been made
    no_users,  // there is no user yet: any request may create the first one
    refused,   // the key is not valid
  };
  struct Who {
    Ready ready = Ready::yes;
    std::string login, organisation;
    std::vector<std::string> roles;
    bool has(std::string_view role) const;
  };
  struct User {
    std::string login, organisation;
    std::vector<std::string> roles;  // sorted
    bool has_key = false, locked = false;
  };
  // Secrets of a new user, in addition to `User`; empty: none.
  struct Credentials {
    Secret key, password;
  };
  // An analyzer in Cortex's catalogue.
  struct Definition {
    std::string id, name, version;
    json::Document items;  // configurationItems: name, type, required, defaultValue
  };
  // An analyzer that is enabled in an organisation.
  struct Enabled {
    std::string id, name, definition;
    std::int64_t rate = 0;  // 0: no limit
    std::string rate_unit;
    json::Document configuration;  // holds keys
  };
  struct Settings {  // of an analyzer to enable
    std::string name;
    std::string configuration;  // JSON object
    std::int64_t rate = 0;
    std::string rate_unit;
  };

  // `http` must outlive this. If `login` is not empty, `key` is its password, sent as Basic.
  Admin(http::Client& http, std::string url, std::string login, Secret key);

  // GET /api/status: "4.1.0-1". Sent without the key.
  Result<std::string> version(const Deadline& deadline);
  Result<Who> whoami(const Deadline& deadline);
  Status migrate(const Deadline& deadline);

  Result<bool> has_organisation(std::string_view name, const Deadline& deadline);
  Status add_organisation(std::string_view name, const Deadline& deadline);

  Result<std::optional<User>> user(std::string_view login, const Deadline& deadline);
  Status add_user(const User& user, const Credentials& credentials, const Deadline& deadline);
  Status set_roles(const User& user, const Deadline& deadline);

  // Empty if the user has no key.
  Result<Secret> key(std::string_view login, const Deadline& deadline);
  Result<Secret> renew_key(std::string_view login, const Deadline& deadline);

  Result<std::vector<Definition>> definitions(const Deadline& deadline);
  // The analyzers of the key's own organisation; needs the roles read and orgadmin.
  Result<std::vector<Enabled>> analyzers(const Deadline& deadline);
  Status enable(std::string_view definition, const Settings& settings, const Deadline& deadline);
  Status change(std::string_view id, const Settings& settings, const Deadline& deadline);

 private:
  Status send(std::string_view what, std::string method, const std::string& path, std::string body,
              const Deadline& deadline);
  Result<Secret> read_key(std::string_view what, const http::Outcome& outcome);
  http::Service service_, open_;  // open_: without the key
};

}  // namespace socbridge::cortex
