// SPDX-License-Identifier: Apache-2.0
#include "json/answer.h"

#include <string>

#include "json/raw.h"

namespace socbridge::json {
namespace {

// For JSON, at least the number of values; stops after `most`. For other text the number means
// nothing.
std::size_t count_values(std::string_view text, std::size_t most) {
  std::size_t count = 1;
  for (std::size_t at = 0; at < text.size() && count <= most;) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      if (at == std::string_view::npos) break;
      continue;
    }
    if (c == ',' || c == ':' || c == '[' || c == '{') ++count;
    ++at;
  }
  return count;
}

}  // namespace

bool has_too_many_values(std::string_view bytes) {
  // A value and its separator take at least two bytes.
  if (bytes.size() <= 2 * kMostAnswerValues) return false;
  return count_values(bytes, kMostAnswerValues) > kMostAnswerValues;
}

Result<Document> parse_answer(std::string_view bytes) {
  if (!has_too_many_values(bytes)) return Document::parse(bytes);
  return Status::error(ExitCode::bad_input,
                       "more than " + std::to_string(kMostAnswerValues) + " values");
}

}  // namespace socbridge::json
