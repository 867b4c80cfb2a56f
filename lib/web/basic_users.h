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

// What an Authorization field of the scheme Basic shows (RFC 7617); empty: another scheme, not
// base64, no colon.
std::optional<BasicLogin> read_basic(std::string_view authorization);

// Names and the bcrypt hashes of their passwords. Checking a password takes as long as its hash is
// made for (50 ms, a second with cost 14), also of a name that there is not; one that was right is
// kept, so that it takes no time again. Thread safe; copies share what is kept.
class BasicUsers {
 public:
  enum class Login { right, wrong, unknown };

  BasicUsers() = default;  // none: nothing is asked for
  // Error (usage): a name with a colon or a hash that is not bcrypt's (`$2a$`, `$2b$` or `$2y$`) or
  // of a cost above 14; the message has the name and not the hash.
  static Result<BasicUsers> of(const std::vector<std::pair<std::string, std::string>>& users);

  bool empty() const { return hashes_.empty(); }
  // What can be said at once; unknown: check() must decide. Wrong: there is no login in it.
  Login known(std::string_view authorization) const;
  // Whether it is right. Takes as long as the hash is made for.
  bool check(std::string_view authorization) const;
  // Logins that were right before stay so where name and hash are the same.
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
