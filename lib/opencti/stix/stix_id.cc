// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/stix_id.h"

#include <nettle/sha1.h>

#include <array>
#include <cstdint>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::opencti {
namespace {

// 00abedb4-aa42-466c-9c01-fed23315a9b7
constexpr std::array<std::uint8_t, 16> kNamespace = {
    0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};

std::string one_member(std::string_view name, std::string_view value) {
  json::Writer w;
  w.begin_object();
  w.member(name, value);
  w.end_object();
  return std::move(w).take();
}

std::string id_of(std::string_view type, std::string_view canonical) {
  return std::string(type) + "--" + uuid5(canonical);
}

}  // namespace

std::string uuid5(std::string_view name) {
  sha1_ctx context;
  sha1_init(&context);
  sha1_update(&context, kNamespace.size(), kNamespace.data());
  sha1_update(&context, name.size(), reinterpret_cast<const std::uint8_t*>(name.data()));
  std::array<std::uint8_t, 16> digest{};
  sha1_digest(&context, digest.size(), digest.data());
  constexpr unsigned kVersion = 0x50U;
  constexpr unsigned kVariant = 0x80U;
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0FU) | kVersion);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3FU) | kVariant);
  std::string out = to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
  for (const std::size_t at : {8U, 13U, 18U, 23U}) out.insert(at, 1, '-');
  return out;
}

std::string observable_id(std::string_view stix_type, std::string_view property,
                          std::string_view value) {
  return id_of(stix_type, one_member(property, value));
}

std::string file_id(std::string_view algorithm, std::string_view hash) {
  return id_of("file", "{\"hashes\":" + one_member(algorithm, ascii_lower(hash)) + "}");
}

std::string indicator_id(std::string_view pattern) {
  return id_of("indicator", one_member("pattern", pattern));
}

std::string named_id(std::string_view stix_type, std::string_view name) {
  return id_of(stix_type, one_member("name", ascii_lower(trim(name))));
}

}  // namespace socbridge::opencti
