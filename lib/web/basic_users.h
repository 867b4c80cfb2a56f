// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "base/status.h"

namespace socbridge::web {

struct BasicLogin {
  std::string user;
  Secret password;
};

// The login in an Authorization header of the Basic scheme (RFC 7617). Empty: another scheme, not
// base64, no colon.
std::optional<BasicLogin> read_basic(std::string_view authorization);

// Names and the bcrypt hashes of their passwords. A check takes as long as the hash's cost requires
// (50 ms; a second with cost 14), for unknown names too. A successful login is cached. Thread-safe;
// copies share the cache.
class BasicUsers {
 public:
  enum class Login { right, wrong, unknown };

  BasicUsers() = default;  // no users: logins are not required
  // Errors (usage): a name with a colon; a hash that is not bcrypt (`$2a$`, `$2b$` or `$2y$`) or
  // has a cost above 14. The message has the name but not the hash.
  static Result<BasicUsers> of(const std::vector<std::pair<std::string, std::string>>& users);

  bool empty() const { return hashes_.empty(); }
  // The result without computing a hash. unknown: check() must decide. wrong: the header has no
  // login.
  Login known(std::string_view authorization) const;
  // Whether the login is right. Takes as long as the hash's cost requires.
  bool check(std::string_view authorization) const;
  // Keeps the cached logins of `before` whose name and hash are the same.
  void keep(const BasicUsers& before) { right_ = before.right_; }

 private:
  struct Right {
    std::mutex mutex;
    std::set<std::string> digests;  // of hash, name and password
  };
  std::map<std::string, std::string> hashes_;
  std::shared_ptr<Right> right_ = std::make_shared<Right>();
};

}  // namespace socbridge::web
