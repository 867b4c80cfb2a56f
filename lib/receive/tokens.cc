// SPDX-License-Identifier: Apache-2.0
#include "receive/tokens.h"

#include <cstdint>
#include <optional>

#include "base/text.h"
#include "hash/digest.h"
#include "web/basic_users.h"

namespace socbridge::receive {
namespace {

constexpr std::size_t kLeast = 16;
constexpr std::size_t kMostField = 4096;

// The token in a field; empty if there is none.
std::string shown(std::string_view field) {
  if (istarts_with(field, "bearer ")) return std::string(trim(field.substr(7)));
  const auto login = web::read_basic(field);
  return login ? std::string(login->password.reveal()) : std::string();
}

}  // namespace

Result<Tokens> Tokens::of(const std::vector<Secret>& tokens) {
  Tokens out;
  for (const Secret& one : tokens) {
    const std::string_view token = one.reveal();
    if (token.size() < kLeast || token.find_first_of(" \t\r\n") != std::string_view::npos) {
      return Status::error(ExitCode::usage,
                           "the token has less than 16 characters, or contains blanks",
                           "make one: openssl rand -hex 32");
    }
    out.digests_.push_back(sha256_hex(token));
  }
  return out;
}

bool Tokens::allow(std::string_view authorization) const {
  const Secret token(authorization.size() > kMostField ? std::string() : shown(authorization));
  const std::string given = sha256_hex(token.reveal());
  bool found = false;
  for (const std::string& digest : digests_) {
    int difference = 0;
    for (std::size_t i = 0; i < digest.size(); ++i) difference |= digest[i] ^ given[i];
    found |= difference == 0;
  }
  return found;
}

}  // namespace socbridge::receive
