// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/writer.h"

namespace socbridge::stream {

// A value that is already JSON.
struct RawJson {
  std::string text;
};

// A member of the stream's output: of journal lines and of events.
struct Member {
  using Value = std::variant<std::string, std::int64_t, std::uint64_t, bool,
                             std::vector<std::string>, RawJson>;
  const char* name;
  Value value;
};
using Members = std::vector<Member>;

// Writes them as members of the open object of `w`.
void write_members(json::Writer& w, const Members& members);
// ": name value, name value", printable, each value at most 300 bytes. Empty without members.
std::string members_text(const Members& members);

}  // namespace socbridge::stream
