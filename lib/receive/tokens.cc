// SPDX-License-Identifier: Apache-2.0
#include "receive/tokens.h"

#include <nettle/base64.h>

#include <cstdint>
#include <optional>

#include "base/text.h"
#include "hash/digest.h"

namespace socbridge::receive {
namespace {

constexpr std::size_t kLeast = 16;
constexpr std::size_t kMostField = 4096;

std::optional<std::string> from_base64(std::string_view text) {
  base64_decode_ctx context;
  ::nettle_base64_decode_init(&context);
  std::string out(BASE64_DECODE_LENGTH(text.size()), '\0');
  std::size_t size = out.size();
  if (::nettle_base64_decode_update(&context, &size, reinterpret_cast<std::uint8_t*>(out.data()),
                                    text.size(), text.data()) == 0 ||
      ::nettle_base64_decode_final(&context) == 0) {
    return {};
  }
  out.resize(size);
  return out;
}

// The token in a field; empty if there is none.
std::string shown(std::string_view field) {
  if (istarts_with(field, "bearer ")) return std::string(trim(field.substr(7)));
  if (!istarts_with(field, "basic ")) return {};
  const auto pair = from_base64(trim(field.substr(6)));
  if (!pair || pair->find(':') == std::string::npos) return {};
  return pair->substr(pair->find(':') + 1);
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
