// SPDX-License-Identifier: Apache-2.0
#include "json/document_impl.h"

namespace socbridge::json {

std::string locate(std::string_view text, std::string_view dotted, std::size_t occurrence) {
  ParseOptions options;
  options.comments = true;
  Document::Impl impl;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!impl.parse(text, options).ok()) return {};
  const Node* key = find_key(impl.root, dotted, occurrence);
  if (key == nullptr) return {};
  // Names are decoded where they stood, so the address gives the position; the byte before it is
  // the quote.
  const auto decoded =
      static_cast<std::size_t>(static_cast<const char*>(key->data) - impl.buffer.data());
  const Position at = position_of(text, impl.shifts.original_offset(decoded - 1));
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

}  // namespace socbridge::json
