// SPDX-License-Identifier: Apache-2.0
#include "web/basic_users.h"

#include <crypt.h>

#include <cstdint>
#include <cstring>
#include <memory>

#include "base/text.h"
#include "hash/base64.h"
#include "hash/digest.h"

namespace socbridge::web {
namespace {

constexpr std::size_t kMostField = 4096;
constexpr std::size_t kHashSize = 60;
constexpr std::size_t kMostKept = 100;

bool is_bcrypt(const std::string& hash) {
  return hash.size() == kHashSize &&
         (hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$"));
}

bool is_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  int difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
  return difference == 0;
}

bool fits(const Secret& password, const std::string& hash) {
  const auto scratch = std::make_unique<crypt_data>();
  const std::string text(password.reveal());
  if (text.find('\0') != std::string::npos) return false;
  const char* made = ::crypt_r(text.c_str(), hash.c_str(), scratch.get());
  const bool same = made != nullptr && is_equal(made, hash);
  ::explicit_bzero(scratch.get(), sizeof *scratch);
  return same;
}

std::string digest_of(const std::string& hash, const BasicLogin& login) {
  std::string all = hash + login.user + ":" + std::string(login.password.reveal());
  std::string digest = sha256_hex(all);
  secure_wipe(all.data(), all.size());
  return digest;
}

}  // namespace

std::optional<BasicLogin> read_basic(std::string_view authorization) {
  if (authorization.size() > kMostField || !istarts_with(authorization, "basic ")) return {};
  auto pair = from_base64(trim(authorization.substr(6)));
  if (!pair || pair->find(':') == std::string::npos) return {};
  BasicLogin out{pair->substr(0, pair->find(':')), Secret(pair->substr(pair->find(':') + 1))};
  secure_wipe(pair->data(), pair->size());
  return out;
}

Result<BasicUsers> BasicUsers::of(const std::vector<std::pair<std::string, std::string>>& users) {
  BasicUsers out;
  constexpr std::uint64_t kHighestCost = 14;
  for (const auto& [user, hash] : users) {
    const std::string name = printable(user, 60);
    if (user.empty() || user.find(':') != std::string::npos) {
      return Status::error(ExitCode::usage, "\"" + name + "\" is not a valid user name for Basic");
    }
    if (!is_bcrypt(hash)) {
      return Status::error(ExitCode::usage, "the password of " + name + " is not hashed by bcrypt",
                           "create it: htpasswd -nBC 10 \"\" | tr -d ':\\n'");
    }
    const auto cost = parse_u64(hash.substr(4, 2));
    if (!cost || *cost > kHighestCost) {
      return Status::error(ExitCode::usage, "the hash of " + name + " has a cost above 14",
                           "each login would take seconds; use 10");
    }
    out.hashes_.emplace(user, hash);
  }
  return out;
}

BasicUsers::Login BasicUsers::known(std::string_view authorization) const {
  const auto login = read_basic(authorization);
  if (!login || hashes_.empty()) return Login::wrong;
  const auto found = hashes_.find(login->user);
  if (found == hashes_.end()) return Login::unknown;
  const std::string digest = digest_of(found->second, *login);
  const std::lock_guard lock(right_->mutex);
  return right_->digests.count(digest) > 0 ? Login::right : Login::unknown;
}

bool BasicUsers::check(std::string_view authorization) const {
  const Login known = this->known(authorization);
  if (known != Login::unknown) return known == Login::right;
  const auto login = read_basic(authorization);
  const auto found = hashes_.find(login->user);
  const bool exists = found != hashes_.end();
  if (!fits(login->password, (exists ? found : hashes_.begin())->second) || !exists) return false;
  const std::string digest = digest_of(found->second, *login);
  const std::lock_guard lock(right_->mutex);
  if (right_->digests.size() >= kMostKept) right_->digests.clear();
  right_->digests.insert(digest);
  return true;
}

}  // namespace socbridge::web
