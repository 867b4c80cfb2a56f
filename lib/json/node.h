// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace socbridge::json {

// One parsed value, 16 bytes, trivial. Texts point into the document's buffer. Numbers keep their
// spelling, so that nothing is lost that a double cannot hold.
struct Node {
  const void* data;    // string, number: const char*; array, object: const Node*
  std::uint32_t size;  // bytes, elements or members
  Type type : 8;
  bool flag : 1;  // value of a boolean

  std::string_view text() const { return {static_cast<const char*>(data), size}; }
  // The elements of an array; for an object name, value, name, value, …
  const Node* children() const { return static_cast<const Node*>(data); }
  const Node& key(std::size_t i) const { return children()[2 * i]; }
  const Node& member(std::size_t i) const { return children()[2 * i + 1]; }
};
static_assert(sizeof(Node) == 16);

// Allocates arrays of nodes that live as long as the arena. Freeing them never recurses.
class Arena {
 public:
  Node* take(std::size_t count);

 private:
  std::vector<std::unique_ptr<Node[]>> blocks_;
  std::size_t free_ = 0;
  Node* next_ = nullptr;
};

// The name node of the member at a dotted path (see Value::path); the value node follows it. If the
// last name occurs several times, member number `occurrence` is taken. Null if there is none.
const Node* find_key(const Node& object, std::string_view dotted, std::size_t occurrence);

// Most levels for the recursive readers (dump, YAML), whatever the caller allowed.
inline constexpr std::size_t kDeepest = 1024;

}  // namespace socbridge::json
