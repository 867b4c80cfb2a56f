#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/kind.h"

namespace socbridge::mapping {

// Hashes out of one text: bare, prefixed (`sha256:…`, `SHA1=…`) or a list of those, in lower case.
// MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512, told apart by length. Dropped, with the reason:
// import hashes, hashes of the empty file, zeros, anything else.
void find_hashes(std::string_view text, std::vector<Finding>& out);

// 32, 40, 56, 64, 96 or 128 hexadecimal digits.
bool is_hash(std::string_view text);

}  // namespace socbridge::mapping
