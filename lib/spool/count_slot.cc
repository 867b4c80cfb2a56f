// SPDX-License-Identifier: Apache-2.0
#include "spool/count_slot.h"

#include <charconv>

#include "spool/names.h"

namespace socbridge::spool {
namespace {

constexpr std::size_t kDigits = 13;  // of an id's milliseconds

}  // namespace

std::optional<IdNumbers> id_numbers(std::string_view id) {
  if (!is_id(id)) return {};
  constexpr int kHex = 16;
  IdNumbers out;
  const char* const end = id.data() + id.size();
  if (std::from_chars(id.data(), id.data() + kDigits, out.ms).ptr != id.data() + kDigits) return {};
  if (std::from_chars(id.data() + kDigits + 1, end, out.random, kHex).ptr != end) return {};
  return out;
}

std::string id_text(const IdNumbers& numbers) {
  std::string ms = std::to_string(numbers.ms);
  if (ms.size() < kDigits) ms.insert(0, kDigits - ms.size(), '0');
  std::string out = ms + "-";
  static constexpr std::string_view kHexDigits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += kHexDigits[(numbers.random >> shift) & 0xFU];
  return out;
}

}  // namespace socbridge::spool
