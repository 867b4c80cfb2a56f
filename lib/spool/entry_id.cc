// SPDX-License-Identifier: Apache-2.0
#include "spool/entry_id.h"

#include <charconv>

#include "base/text.h"
#include "spool/names.h"

namespace socbridge::spool {
namespace {

constexpr std::size_t kDigits = 13;  // of the milliseconds

}  // namespace

std::optional<EntryId> parse_id(std::string_view id) {
  if (!is_id(id)) return {};
  constexpr int kHex = 16;
  EntryId out;
  const char* const end = id.data() + id.size();
  if (std::from_chars(id.data(), id.data() + kDigits, out.ms).ptr != id.data() + kDigits) return {};
  if (std::from_chars(id.data() + kDigits + 1, end, out.random, kHex).ptr != end) return {};
  return out;
}

std::string id_text(const EntryId& id) {
  std::string ms = std::to_string(id.ms);
  if (ms.size() < kDigits) ms.insert(0, kDigits - ms.size(), '0');
  std::string out = ms + "-";
  for (int shift = 60; shift >= 0; shift -= 4) out += kHexDigits[(id.random >> shift) & 0xFU];
  return out;
}

}  // namespace socbridge::spool
