// SPDX-License-Identifier: Apache-2.0
#include "hash/digest.h"

#include <nettle/sha2.h>

#include <array>

#include "base/text.h"
#include "hash/file_digest.h"

namespace socbridge {
namespace {

class Sha256 {
 public:
  Sha256() { sha256_init(&context_); }
  void add(std::string_view bytes) {
    sha256_update(&context_, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  }
  std::string hex() {
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&context_, digest.size(), digest.data());
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }

 private:
  sha256_ctx context_;
};

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

Result<std::string> sha256_of_file(Env& env, const std::string& path) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  const auto file = env.open_read(path);
  if (!file.ok()) return file.status();
  Sha256 digest;
  for (std::uint64_t at = 0;;) {
    const auto piece = env.read_at(file->get(), at, kPiece);
    if (!piece.ok()) return piece.status();
    if (piece->empty()) return digest.hex();
    digest.add(*piece);
    at += piece->size();
  }
}

}  // namespace socbridge
