// SPDX-License-Identifier: Apache-2.0
#include "cortex/list_text.h"

#include <cstdint>

#include "base/utf8.h"

namespace socbridge::cortex {
namespace {

// Code units of UTF-16 after the byte order mark.
class Utf16 {
 public:
  Utf16(std::string_view bytes, bool little) : bytes_(bytes), little_(little) {}

  std::string to_utf8() {
    std::string out;
    out.reserve(bytes_.size() / 2);
    while (bytes_.size() > 1) append_utf8(out, next());
    return out;
  }

 private:
  static constexpr std::uint32_t kReplacement = 0xFFFD, kHigh = 0xD800, kLow = 0xDC00,
                                 kSurrogatesEnd = 0xE000, kBeyond = 0x10000;

  std::uint32_t unit() const {
    const auto first = static_cast<unsigned char>(bytes_[0]);
    const auto second = static_cast<unsigned char>(bytes_[1]);
    constexpr unsigned kByte = 8;
    return little_ ? first | std::uint32_t{second} << kByte
                   : second | std::uint32_t{first} << kByte;
  }

  std::uint32_t next() {
    const std::uint32_t high = unit();
    bytes_.remove_prefix(2);
    if (high < kHigh || high >= kSurrogatesEnd) return high;
    if (high >= kLow || bytes_.size() < 2) return kReplacement;
    const std::uint32_t low = unit();
    if (low < kLow || low >= kSurrogatesEnd) return kReplacement;
    bytes_.remove_prefix(2);
    constexpr unsigned kBits = 10;
    return kBeyond + ((high - kHigh) << kBits) + (low - kLow);
  }

  std::string_view bytes_;
  bool little_;
};

}  // namespace

std::string list_text(std::string_view bytes) {
  const bool little = bytes.starts_with("\xFF\xFE");
  if (little || bytes.starts_with("\xFE\xFF")) return Utf16(bytes.substr(2), little).to_utf8();
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  return std::string(bytes);
}

}  // namespace socbridge::cortex
