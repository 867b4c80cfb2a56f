#include "mapping/hash.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace socbridge::mapping {
namespace {

// Hashes of no bytes at all: every empty file has them.
constexpr std::array<std::string_view, 6> kEmptyFile = {
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
    "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Splits `SHA256=…` and `sha256:…`; the name is "" for a bare hash.
std::string_view take_prefix(std::string_view& text) {
  const std::size_t mark = text.find_first_of("=:");
  if (mark == std::string_view::npos) return {};
  const std::string_view name = trim(text.substr(0, mark));
  text = trim(text.substr(mark + 1));
  return name;
}

Finding one_hash(std::string_view text) {
  if (istarts_with(take_prefix(text), "IMP")) return dropped("import hash, not a file hash");
  if (!is_hash(text)) return dropped("not a hash");
  std::string value = ascii_lower(text);
  if (value.find_first_not_of('0') == std::string::npos) return dropped("all zeros");
  if (std::find(kEmptyFile.begin(), kEmptyFile.end(), value) != kEmptyFile.end()) {
    return dropped("hash of the empty file");
  }
  return {"hash", std::move(value), {}, {}};
}

}  // namespace

bool is_hash(std::string_view text) {
  switch (text.size()) {
    case 32: case 40: case 56: case 64: case 96: case 128:
      return std::all_of(text.begin(), text.end(), is_hex);
    default: return false;
  }
}

void find_hashes(std::string_view text, std::vector<Finding>& out) {
  constexpr std::string_view kSeparators = ",; \t\r\n|";
  std::size_t at = text.find_first_not_of(kSeparators);
  while (at != std::string_view::npos) {
    const std::size_t end = text.find_first_of(kSeparators, at);
    out.push_back(one_hash(text.substr(at, end == std::string_view::npos ? end : end - at)));
    at = end == std::string_view::npos ? end : text.find_first_not_of(kSeparators, end);
  }
}

}  // namespace socbridge::mapping
