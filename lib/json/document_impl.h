// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "json/node.h"
#include "json/repair.h"
#include "json/value.h"

namespace socbridge::json {

struct Document::Impl {
  std::string buffer;  // the text; strings are decoded in place
  Repaired shifts;     // maps positions to the original text (its own text is unused)
  Arena arena;
  Node root{nullptr, 0, Type::null, false};

  Status parse(std::string_view bytes, const ParseOptions& options);
};

struct Position {
  std::size_t line = 1, column = 1;  // column in bytes
};
Position position_of(std::string_view text, std::size_t offset);

}  // namespace socbridge::json
