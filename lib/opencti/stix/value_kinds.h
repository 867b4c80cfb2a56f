// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::opencti {

// Kinds of values by TheHive's data types. The object paths are those of patterns.
struct ValueKind {
  std::string_view data_types;  // between blanks
  std::string_view keys;        // between blanks
  std::string_view paths;       // between blanks
  std::string_view property;    // that makes the deterministic id
  std::string_view type;        // to create
};
// Null for addresses, hashes and types that are not in the table.
const ValueKind* kind_of(std::string_view data_type);

std::vector<std::string> words_of(std::string_view text);
bool is_v6(std::string_view address);
// Name of the algorithm whose digests have `digits` hexadecimal digits, or empty.
std::string_view hash_algorithm(std::size_t digits);

}  // namespace socbridge::opencti
