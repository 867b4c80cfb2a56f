// SPDX-License-Identifier: Apache-2.0
// Bytes as a STIX pattern: each comparison has a type and an operator, and every value survives
// being written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "opencti/stix/pattern.h"
#include "stream/index/match_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pattern = opencti::parse_pattern(text);
  if (!pattern.ok()) {
    if (!pattern.status().message().starts_with("column ")) std::abort();
    return 0;
  }
  for (const opencti::Comparison& one : pattern->comparisons) {
    if (one.type.empty() || one.op.empty()) std::abort();
    for (const stream::MatchKey& key : stream::keys_of(one)) {
      if (key.value.empty() || one.negated) std::abort();
    }
    for (const std::string& value : one.values) {
      const auto again =
          opencti::parse_pattern("[url:value = '" + opencti::escape_literal(value) + "']");
      if (!again.ok() || again->comparisons.at(0).values.at(0) != value) std::abort();
    }
  }
  return 0;
}
